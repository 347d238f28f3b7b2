"""The grid of squares."""

ACROSS = 6
