"""What to take home."""
