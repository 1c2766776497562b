"""Warnings before terms end: of members, of whole committees, of positions abroad."""
