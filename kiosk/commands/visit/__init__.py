"""What `demo` plays a visit with, and draws it on."""
