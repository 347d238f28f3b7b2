"""The parts that carry out what this topic asks for."""
