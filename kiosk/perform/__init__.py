"""Effects carried out: the threads, the live pixel arrays, and what happened told back as events."""
