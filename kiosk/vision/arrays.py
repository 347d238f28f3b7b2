"""The array type that heads, attacks and stored examples have in common."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
