"""The composition root: puts program, topics, performer and window together."""
