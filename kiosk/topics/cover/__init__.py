"""Squares of the picture are covered, and the answer moves."""
