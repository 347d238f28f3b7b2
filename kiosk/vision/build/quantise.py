"""Float ONNX -> int8 ONNX: static QDQ quantisation, int8 weights per channel, MinMax calibration."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

ACTIVATION_TYPES = {"uint8": QuantType.QUInt8, "int8": QuantType.QInt8}


class _Inputs(CalibrationDataReader):  # type: ignore[misc] # ONNX Runtime ships no types
    """Hands the calibration inputs to ONNX Runtime one by one."""

    def __init__(self, inputs: Sequence[NDArray[np.float32]]) -> None:
        self._inputs = iter(inputs)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(({"input": tensor} for tensor in self._inputs), None)


def quantise(
    float_file: Path,
    int8_file: Path,
    inputs: Sequence[NDArray[np.float32]],
    *,
    activations: str,
    reduce_range: bool = False,
) -> None:
    """Write the int8 twin of a float model, its activation ranges taken from the calibration inputs.

    Per-tensor weights would lose 11 points of agreement, clipped percentiles 9 (measured on EfficientNet-Lite0).
    `reduce_range` keeps weights to 7 bits, for x86 without VNNI, whose 16-bit sums saturate.
    """
    quiet: Any = logging.getLogger()
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # it advises a pre-processing step that our clean graph does not need
    try:
        quantize_static(
            float_file,
            int8_file,
            _Inputs(inputs),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=reduce_range,
            activation_type=ACTIVATION_TYPES[activations],
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
    finally:
        quiet.setLevel(level)
