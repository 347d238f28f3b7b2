"""The lie and the attack: the heart of a visit."""
