"""The caller's half of an attack: the stack of iterates, its measures and the verdict. No torch."""
