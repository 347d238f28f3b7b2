"""The board and its system: readings, systemd, USB sticks, the PIN, files that outlive a pulled plug."""
