"""Commands about pictures that leave the screen."""
