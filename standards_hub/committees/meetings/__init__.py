"""Meetings of committees: call, agenda, papers, attendance, decisions and duties, minutes that come back signed."""
