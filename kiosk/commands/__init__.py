"""One module a sub-command; `kiosk.cli` calls them by name."""
