"""The pages: shell, components and static files."""
