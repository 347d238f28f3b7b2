"""Other ways to draw what an answer leaned on, each beside its control."""
