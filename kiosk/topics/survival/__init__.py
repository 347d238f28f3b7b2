"""Whether the lie survives: the picture on paper, seen by a camera again and again."""
