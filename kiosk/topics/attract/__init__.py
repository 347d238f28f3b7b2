"""Before and after a visit: the film that waits for visitors, and the picture that dissolves."""
