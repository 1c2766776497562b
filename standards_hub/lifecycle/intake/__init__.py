"""Getting an existing portfolio in: template, reading, checks row by row, taking in, and taking it all back."""
