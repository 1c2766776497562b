"""Standards: identifiers, tracks, transitions and their gates, deadlines, relations and the catalogue."""
