"""The stages of the network, and how the noise grows from one to the next."""
