"""One module a screen: its slice of the state, its `update` and its `view`; none knows another."""
