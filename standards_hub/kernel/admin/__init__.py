"""Keeping the hub: the log and its proof, jobs and mails, holidays, settings."""
