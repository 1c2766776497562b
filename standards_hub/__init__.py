"""Standards Hub: every standard from proposal to withdrawal, and the projects, committees and targets around it."""
