"""Takes views of the visitor's picture, and makes one that survives them."""
