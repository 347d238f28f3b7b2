"""Taking the picture: live from the camera, or from a USB stick."""
