"""The pages of the last card: their names, which are keys of their words, and their drawings."""

PAGES = (("works", "done"), ("helps", "people"), ("needs", "bolt"))
