"""Many hazy copies of a picture vote, and noise that was aimed at one loses."""
