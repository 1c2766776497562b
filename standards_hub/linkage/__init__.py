"""Plans, targets, projects and what counts toward them."""
