"""The answers' race, step by step."""
