"""Ballots: rules as data, the count, and the life of a ballot from its preparation to its signed result."""
