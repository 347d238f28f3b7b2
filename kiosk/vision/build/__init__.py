"""Building models: everything that needs the extra `build`, and torch with it."""
