"""The part that throws the dice."""
