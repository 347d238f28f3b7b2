"""The map of all that the machine keeps, and the picture's way over it."""
