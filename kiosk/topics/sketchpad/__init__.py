"""Painting on the attacked picture."""
