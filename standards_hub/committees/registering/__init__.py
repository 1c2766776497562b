"""Organisations and people taken in from a file, with a result for each row."""
