"""What runs in the gradient process: PyTorch, the differentiable quantised network, attacks, maps, training."""
