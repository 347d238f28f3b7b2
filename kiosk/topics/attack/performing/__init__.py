"""What carries out this topic's effects."""
