"""The world's catalogue: published standards, projects, committees and ICS, to adopt from, replace and refer to.

Its tables are filled by imports and are not replayed from the log; the log keeps one event of each finished import. An
entry here is never a standard of the portfolio: those link to it.
"""
