"""Teaching it what an attacked picture really is."""
