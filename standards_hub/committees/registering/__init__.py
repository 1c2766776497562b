"""Organisations taken in from a workbook, with a result for each row."""
