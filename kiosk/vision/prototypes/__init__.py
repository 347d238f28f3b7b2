"""A taught head that explains itself: this looks like that."""
