"""Cameras: one protocol, four backends, and the thread that keeps the newest frame."""
