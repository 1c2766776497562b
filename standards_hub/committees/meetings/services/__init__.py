"""What users do to meetings, one verb a function."""
