"""The exhibit as pure functions over its state. Names no topic: it is handed them."""
