"""The pixel arrays that scenes name by key; a new array object under a key is a new picture."""

from kiosk.attack.noise import noise_view
from kiosk.vision.picture import Rgb

CAMERA, ORIGINAL, ADVERSARIAL, NOISE = "camera", "original", "adversarial", "noise"
FRAMING = "framing"  # all that the camera sees
GRADCAM_ORIGINAL, GRADCAM_ADVERSARIAL = "gradcam-original", "gradcam-adversarial"
VISITORS = (CAMERA, FRAMING, ORIGINAL, ADVERSARIAL, NOISE, GRADCAM_ORIGINAL, GRADCAM_ADVERSARIAL)


class Shelf(dict[str, Rgb]):
    """Picture key -> (height, width, 3) uint8 RGB, square."""

    def show_noise(self, original: Rgb, picture: Rgb) -> None:
        """Put a picture of the stack there, and its noise."""
        self[ADVERSARIAL] = picture
        self[NOISE] = noise_view(original, picture)

    def forget(self) -> None:
        """Let go of every picture of a visitor; the film stays."""
        for key in VISITORS:
            self.pop(key, None)
