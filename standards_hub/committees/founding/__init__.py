"""Founding a committee as a workflow, and what comes after it: terms, re-election, evaluation with its outcomes."""
