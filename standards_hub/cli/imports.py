"""`standards-hub import …`: the world's catalogue and the office's own portfolio under one word."""

from standards_hub.cli.catalogue import import_group
from standards_hub.cli.portfolio import portfolio, template, undo

for command in (portfolio, template, undo):
    import_group.add_command(command)

__all__ = ["import_group"]
