"""A model's labels by name and by index."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.errors import BadArgumentError


@dataclass(frozen=True)
class ModelLabels:
    """The label names of a model, in the order of its logits."""

    names: tuple[str, ...]

    def index(self, given: str | int) -> int:
        """Return the index of a label given by number or by name; case counts where two names differ in it alone.

        Raises BadArgumentError naming near matches, or both indices of a name that two classes bear.
        """
        if isinstance(given, int) or (given.strip().isdecimal() and len(given.strip()) < 10):
            number = int(given)
            if not 0 <= number < len(self.names):
                raise BadArgumentError(f"label {number}: the model's labels are 0 to {len(self.names) - 1}")
            return number
        wanted = given.strip().casefold()
        exact = [index for index, name in enumerate(self.names) if name == given.strip()]
        found = exact or [index for index, name in enumerate(self.names) if name.casefold() == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadArgumentError(
                f"{given}: classes {' and '.join(map(str, found))} bear that name; give the number"
            )
        raise BadArgumentError(f"{given}: no such label{self._near(wanted)}")

    def _near(self, wanted: str) -> str:
        folded = {name.casefold(): name for name in self.names}
        containing: Sequence[str] = [name for name in folded if wanted in name][:3] if len(wanted) > 2 else []
        near = containing or difflib.get_close_matches(wanted, folded, 3, 0.5)
        return (
            f"; did you mean {', '.join(folded[name] for name in near)}?"
            if near
            else "; see the model's card"
        )
