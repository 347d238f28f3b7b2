"""Which of the built models judges."""
