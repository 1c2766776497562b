"""One reader a format: a line or row of a file from outside in, a record out, or `Rejected` with the reason."""
