"""What will the machine say? People guess, then it does."""
