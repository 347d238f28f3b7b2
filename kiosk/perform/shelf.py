"""The pixel arrays that scenes name by key; a new array object under a key is a new picture."""

from kiosk.attack.noise import noise_view
from kiosk.vision.picture import Rgb

CAMERA, ORIGINAL, ADVERSARIAL, NOISE = "camera", "original", "adversarial", "noise"
FRAMING = "framing"  # all that the camera sees, while staff mount it
GRADCAM_ORIGINAL, GRADCAM_ADVERSARIAL = "gradcam-original", "gradcam-adversarial"
DICE, DICE_NOISE, PAINTED = "dice", "dice-noise", "painted"
UPLOADS = tuple(f"upload-{number}" for number in range(12))  # one page of what is on a stick
EXAMPLE = "example-"  # and its number
VISITORS = (
    *(CAMERA, ORIGINAL, ADVERSARIAL, NOISE, GRADCAM_ORIGINAL, GRADCAM_ADVERSARIAL),
    *(DICE, DICE_NOISE, PAINTED, *UPLOADS),
)


class Shelf(dict[str, Rgb]):
    """Picture key -> (height, width, 3) uint8 RGB, square."""

    def show_noise(self, original: Rgb, picture: Rgb) -> None:
        """Put a picture of the stack there, and its noise."""
        self[ADVERSARIAL] = picture
        self[NOISE] = noise_view(original, picture)

    def clear_uploads(self) -> None:
        """Let go of the pictures on a stick that were only looked at."""
        for key in UPLOADS:
            self.pop(key, None)

    def forget_picture(self) -> None:
        """Let go of the picture that was taken and of all that came of it; examples stay."""
        for key in (*VISITORS, FRAMING):
            self.pop(key, None)

    def forget(self) -> None:
        """Let go of every picture of a visitor; the film stays."""
        self.forget_picture()
        for key in [key for key in self if key.startswith(EXAMPLE)]:
            del self[key]
