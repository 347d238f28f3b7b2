"""What was taught, kept by staff."""
