"""The lifecycle as pages: the same services as its JSON doors, presented as HTML."""
