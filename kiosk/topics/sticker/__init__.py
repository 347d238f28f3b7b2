"""A sticker that is seen wherever it lies, and a grey one that is not."""
