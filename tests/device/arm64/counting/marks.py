"""Marks in a program that is counted: for each the counter writes a line of all counts so far."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

from tests.device.arm64.counting.spans import Span

FIRST_MARK = 7_000_000  # counter.c's


class Marks:
    """Lists what is done, with a mark before and a mark after each."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._within: int | None = None

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        """Count what is done meanwhile under a name."""
        number, outer = len(self.spans), self._within
        self.spans.append(Span(name, outer))
        self._within = number
        _mark(2 * number)
        try:
            yield
        finally:
            _mark(2 * number + 1)
            self._within = outer

    def counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same, each call counted under a name."""

        def marked(*arguments: Any, **named: Any) -> Any:
            with self.around(name):
                return function(*arguments, **named)

        return marked


def _mark(number: int) -> None:
    with suppress(OSError):  # no descriptor has this number; the counter hears of the attempt
        os.close(FIRST_MARK + number)


class EachOperator(TorchDispatchMode):  # type: ignore[no-untyped-call] # PyTorch declares no types here
    """Counts each ATen operator, forwards and backwards, while it is entered."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._marks = marks

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator between marks."""
        del types
        with self._marks.around(operator_name(str(func), args)):
            return func(*args, **(kwargs or {}))


def operator_name(operator: str, arguments: tuple[Any, ...]) -> str:
    """Return an operator's name; a convolution's with its kind and its kernel."""
    name = operator.removeprefix("aten.").removesuffix(".default")
    if not name.startswith("convolution"):
        return name
    kernel = arguments[2 if name.endswith("backward") else 1].shape
    kind = "depthwise" if kernel[1] == 1 else "dense"
    return f"{name}, {kind} {kernel[2]} x {kernel[3]}"
