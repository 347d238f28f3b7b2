"""What is missing or closed, said calmly."""
