"""Seats: who sits for whom, what the rules on composition say of it, what they would say, conflicts of interest, participation."""
