"""What more there is to try."""
