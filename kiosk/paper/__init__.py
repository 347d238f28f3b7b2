"""Sheets of paper with pictures on them: laid out, made into PDF, printed, and found again in a camera's frame."""
