"""The screens of this topic."""
