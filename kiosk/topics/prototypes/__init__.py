"""A judge that gives its reasons: this looks like that."""
