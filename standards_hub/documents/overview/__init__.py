"""The overview of a plan on any day: what counts, what is under way and late, each number with the list of what it counts."""
