"""What users do to organisations, people, committees and seats: one function a verb."""
