"""What tells why an answer was given, without a screen: maps, memories, the map of all pictures, votes."""
