"""What people do to a standard, one function each: load, ask the rules, write, append the event, enqueue. None commits."""
