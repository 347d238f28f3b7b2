"""Staff measure what the printer and the camera make of colours."""
