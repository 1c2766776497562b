"""The people and bodies that write and vote: organisations, people, committees and their seats."""
