"""The ONNX model file run in PyTorch, so that the very graph the visitor's classifier runs can be differentiated.

Each QuantizeLinear rounds in the forward pass and lets the gradient straight through wherever it did not saturate
(the straight-through estimator, Bengio et al. 2013, arXiv:1308.3432). Saturation stops it, which is at the same
time the gradient of the ReLU6 that quantisation folded into its range.

A tensor is stored divided by its *unit*: 1 for floats, the quantisation scale for quantised activations, which are
therefore whole numbers (less their zero point). See `quantised` for what that buys.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from google.protobuf.message import DecodeError
from torch import Tensor

from kiosk.gradients.compute.operators import BUILDERS
from kiosk.gradients.compute.plan import Plan, UnsupportedOperatorError
from kiosk.gradients.compute.quantised import Rounding
from kiosk.gradients.compute.tail import tail_of
from kiosk.vision.model_card import ModelError

__all__ = ["Network", "UnsupportedOperatorError"]


class Network:
    """An ONNX graph as a differentiable PyTorch function."""

    def __init__(self, model: onnx.ModelProto, *, rounds: bool = True) -> None:
        """Plan the graph; raises UnsupportedOperatorError naming the first operator this process does not run.

        `tail` is what follows its features, in floats: without roundings, and with logits that know no limit.
        """
        self._rounding = Rounding(rounds)
        plan = Plan(model, self._rounding)
        self.input = plan.input
        self._calls = plan.calls(BUILDERS)
        self._stored_as = plan.stored_as
        self._units = plan.units
        tail = tail_of(model)
        self.tail = self if tail is None else Network(tail, rounds=False)

    @classmethod
    def from_file(cls, path: Path) -> "Network":
        """Return the network of an ONNX file; raises ModelError for a file that is none."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: cannot be read ({error}); build the model again") from None
        return cls.from_bytes(content, str(path))

    @classmethod
    def from_bytes(cls, content: bytes, name: str) -> "Network":
        """Return the network of an ONNX file's content; raises ModelError, naming it, where that is none."""
        try:
            model = onnx.load_model_from_string(content)
        except DecodeError as error:
            raise ModelError(
                f"{name}: cannot be read as an ONNX file ({error}); build the model again"
            ) from None
        if not model.graph.input:
            raise ModelError(f"{name}: holds no network; build the model again")
        return cls(model)

    def __call__(self, pixels: Tensor, outputs: Sequence[str]) -> list[Tensor]:
        """Return the named tensors for a normalised (1, 3, side, side) float32 input."""
        return self.resume({self.input: pixels.contiguous(memory_format=torch.channels_last)}, outputs)

    def resume(self, known: Mapping[str, Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Return the named tensors computed onwards from the known ones; both are in real units."""
        stored = {self._stored_as[name]: self._divided(name, tensor) for name, tensor in known.items()}
        wanted = [self._stored_as[name] for name in outputs]
        for call in self._calls:
            if call.output in stored or any(name not in stored for name in call.inputs):
                continue
            stored[call.output] = call.function(*(stored[name] for name in call.inputs))
            for name in call.last_uses:
                if name not in wanted:
                    stored.pop(name, None)
        return [self._multiplied(name, stored[self._stored_as[name]]) for name in outputs]

    @property
    def tensors(self) -> tuple[str, ...]:
        """Return the names of what the operators compute, in their order."""
        return tuple(call.output for call in self._calls)

    @contextmanager
    def unrounded(self) -> Iterator[None]:
        """Pass over the roundings meanwhile, saturation aside: gradients there are less noisy than between steps."""
        self._rounding.on = False
        try:
            yield
        finally:
            self._rounding.on = True

    def _divided(self, name: str, tensor: Tensor) -> Tensor:
        unit = self._units[self._stored_as[name]]
        return tensor if unit == 1.0 else tensor / unit

    def _multiplied(self, name: str, tensor: Tensor) -> Tensor:
        unit = self._units[self._stored_as[name]]
        return tensor if unit == 1.0 else tensor * unit
