"""Teaching it labels of one's own."""
