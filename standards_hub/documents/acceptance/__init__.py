"""A project's acceptance package: what its contract promised against what was reached by its days, with all evidence. One PDF, one ZIP."""
