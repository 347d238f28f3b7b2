"""Why did it say that: Grad-CAMs of one label on both pictures."""
