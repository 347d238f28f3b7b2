"""The display behind the window: its surface, its turns, its plugs, and when its keys went down."""
