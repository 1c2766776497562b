"""Registers as pages: lists with filters and a file, and forms that are described by data and not written one by one."""
