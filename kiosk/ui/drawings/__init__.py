"""Drawings by what they are for."""
