"""A museum exhibit in which anyone can fool a neural network."""
