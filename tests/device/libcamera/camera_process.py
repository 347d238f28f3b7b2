"""`kiosk camera` with what a PC lacks below picamera2: camera_process.py --socket PATH."""

import sys
from pathlib import Path

from kiosk.commands import camera
from tests.device.libcamera import virtual_camera

if __name__ == "__main__":
    virtual_camera.supply()
    sys.exit(camera.run(socket=Path(sys.argv[2])))
