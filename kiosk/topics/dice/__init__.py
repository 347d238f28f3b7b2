"""The control experiment: noise of the same size, thrown by dice."""
