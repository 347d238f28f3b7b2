"""How much can be taught at once; without numpy, so that any screen may know it."""

FEWEST_LABELS, MOST_LABELS, MOST_EXAMPLES = 2, 8, 200
