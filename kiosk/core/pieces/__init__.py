"""Larger pieces that some screens share: two pictures side by side, and work that takes a while."""
