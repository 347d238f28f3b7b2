"""The one window and the one painter."""
