"""Where models and stock pictures lie, and which model is in use."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from kiosk.device.durable import replace_files, replace_link
from kiosk.errors import BadArgumentError
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE, ModelError

BUILDS = ".builds"


@dataclass(frozen=True)
class StateFolder:
    """The state folder: models/NAME/…, models/current, stock/, kiosk.sqlite."""

    path: Path

    @property
    def models(self) -> Path:
        """Return the folder of the models."""
        return self.path / "models"

    @property
    def stock(self) -> Path:
        """Return the folder of the stock pictures."""
        return self.path / "stock"

    @property
    def database(self) -> Path:
        """Return the file of what outlives a visit."""
        return self.path / "kiosk.sqlite"

    def model_names(self) -> list[str]:
        """Return the names of the models there are, sorted."""
        if not self.models.is_dir():
            return []
        return sorted(
            path.parent.name for path in self.models.glob(f"*/{CARD_FILE}") if path.parent.name != "current"
        )

    def model(self, name: str | None) -> Path:
        """Return the folder of a model, or of the one in use; raises ModelError where none is in use."""
        if name is None:
            folder = self.models / "current"
            if not (folder / MODEL_FILE).is_file():
                raise ModelError(
                    f"{self.models}: no model in use; build one with: kiosk model build efficientnet_lite0"
                )
            return folder.resolve()
        if name not in self.model_names():
            raise self._unknown(name)
        return self.models / name

    def current_name(self) -> str | None:
        """Return the name of the model in use, if any."""
        link = self.models / "current"
        return link.readlink().name if link.is_symlink() else None

    def use(self, name: str) -> None:
        """Make a model the one in use; raises BadArgumentError naming those there are."""
        if name not in self.model_names():
            raise self._unknown(name)
        replace_link(self.models / "current", Path(name))

    def _unknown(self, name: str) -> BadArgumentError:
        known = ", ".join(self.model_names()) or "none yet"
        return BadArgumentError(f"{name}: no such model here; there are: {known}; see: kiosk model list")

    def install_model(self, name: str, digest: str, files: dict[str, bytes]) -> None:
        """Put a model in place in one atomic step; the first one there is also taken into use.

        A model's folder is a link to a build's folder, so that a reader meets the old files or the new ones.
        The build before is kept: an exhibit that runs it may have to start its gradient process again.
        """
        build = f"{name}-{digest[:16]}"
        replace_files(self.models / BUILDS / build, files)
        replace_link(self.models / name, Path(BUILDS) / build)
        self._remove_builds(name, keep=build)
        if self.current_name() is None:
            self.use(name)

    def _remove_builds(self, name: str, keep: str) -> None:
        """Remove a model's builds but for the one to keep and the newest other."""
        builds = [path for path in (self.models / BUILDS).glob(f"{name}-*") if len(path.name) == len(keep)]
        others = sorted((path for path in builds if path.name != keep), key=lambda path: path.stat().st_mtime)
        for old in others[:-1]:
            shutil.rmtree(old, ignore_errors=True)
