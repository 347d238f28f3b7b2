"""A printed sheet before the camera: look after look, with a lamp each."""
