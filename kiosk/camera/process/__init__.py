"""The camera in a process of its own: what runs there, what is said to it, and who keeps it alive."""
