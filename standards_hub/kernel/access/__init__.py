"""Who is there and what they may do: accounts, sessions, tokens, roles held in a body, and one table of permissions."""
