"""Other models look at the same two pictures."""
