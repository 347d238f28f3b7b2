"""What staff may set, the files it is read from, and the few settings that the screen can change."""
