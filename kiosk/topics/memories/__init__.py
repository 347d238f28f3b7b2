"""What the picture reminds the machine of, before and after."""
