"""What users do to plans, projects and claims: one function a verb."""
