"""Which models there are, which is in use, and how a new build takes an old one's place."""

from pathlib import Path

import pytest

from kiosk.device.durable import WriteError
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.vision.model_card import ModelError
from tests.unit.full_disk import contents, tiny_disk

LITE, V2, V3 = "efficientnet_lite0", "mobilenet_v2", "mobilenet_v3_small"
FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


def files(text: str) -> dict[str, bytes]:
    return {"classifier.onnx": text.encode(), "classifier.json": b"{}", "float.onnx": b"float"}


def model_text(folder: StateFolder, name: str | None) -> str:
    return (folder.model(name) / "classifier.onnx").read_text("utf-8")


def builds(folder: StateFolder) -> list[str]:
    return sorted(path.name for path in (folder.models / ".builds").iterdir())


class TestNoModels:
    def test_there_are_none_before_the_first_build(self, folder: StateFolder) -> None:
        assert folder.model_names() == []
        assert folder.current_name() is None

    def test_opening_the_one_in_use_names_the_command_that_builds_one(self, folder: StateFolder) -> None:
        with pytest.raises(ModelError, match="kiosk model build efficientnet_lite0"):
            folder.model(None)

    def test_opening_one_by_name_says_that_there_is_none(self, folder: StateFolder) -> None:
        with pytest.raises(BadArgumentError, match="mobilenet_v2: no such model here; there are: none yet"):
            folder.model(V2)

    def test_none_can_be_taken_into_use(self, folder: StateFolder) -> None:
        with pytest.raises(BadArgumentError, match="none yet"):
            folder.use(V2)
        assert not folder.path.exists()


class TestInstalling:
    def test_the_first_model_is_taken_into_use(self, folder: StateFolder) -> None:
        folder.install_model(LITE, FIRST, files("lite"))
        assert folder.model_names() == [LITE]
        assert folder.current_name() == LITE
        assert model_text(folder, None) == model_text(folder, LITE) == "lite"
        assert contents(folder.model(LITE)) == files("lite")

    def test_a_second_model_leaves_the_one_in_use(self, folder: StateFolder) -> None:
        folder.install_model(V2, FIRST, files("v2"))
        folder.install_model(LITE, SECOND, files("lite"))
        assert folder.model_names() == [LITE, V2]
        assert folder.current_name() == V2
        assert model_text(folder, None) == "v2"

    def test_a_new_build_takes_the_old_ones_place_and_only_the_one_before_is_kept(
        self, folder: StateFolder
    ) -> None:
        folder.install_model(LITE, "0" * 64, files("oldest"))
        folder.install_model(LITE, FIRST, files("old"))
        folder.install_model(LITE, SECOND, files("new"))
        assert model_text(folder, None) == model_text(folder, LITE) == "new"
        assert builds(folder) == sorted(f"{LITE}-{digest[:16]}" for digest in (FIRST, SECOND))

    def test_the_same_build_again_changes_nothing(self, folder: StateFolder) -> None:
        for _ in range(2):
            folder.install_model(LITE, FIRST, files("lite"))
        assert builds(folder) == [f"{LITE}-{FIRST[:16]}"]
        assert model_text(folder, None) == "lite"

    def test_a_model_whose_name_starts_like_anothers_is_not_removed_with_it(
        self, folder: StateFolder
    ) -> None:
        folder.install_model("v3", FIRST, files("v3"))
        folder.install_model("v3-small", FIRST, files("small"))
        folder.install_model("v3", SECOND, files("v3 again"))
        assert model_text(folder, "v3-small") == "small"
        assert model_text(folder, "v3") == "v3 again"

    def test_on_a_full_disk_the_old_build_stays_in_use(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path / "disk", kilobytes=64) as disk:
            folder = StateFolder(disk)
            folder.install_model(LITE, FIRST, files("old"))
            with pytest.raises(WriteError):
                folder.install_model(LITE, SECOND, files("new" * 40_000))
            assert model_text(folder, None) == "old"
            assert folder.model_names() == [LITE]


class TestUsing:
    def test_another_model(self, folder: StateFolder) -> None:
        for name in (LITE, V2):
            folder.install_model(name, FIRST, files(name))
        folder.use(V2)
        assert folder.current_name() == V2
        assert model_text(folder, None) == V2

    def test_an_unknown_one_is_refused_with_those_there_are(self, folder: StateFolder) -> None:
        for name in (LITE, V2):
            folder.install_model(name, FIRST, files(name))
        for unknown in (V3, "current", "..", ".builds", ""):
            with pytest.raises(BadArgumentError) as caught:
                folder.use(unknown)
            assert f"{LITE}, {V2}" in str(caught.value)
        assert folder.current_name() == LITE

    def test_opening_an_unknown_one_is_refused_with_those_there_are(self, folder: StateFolder) -> None:
        folder.install_model(LITE, FIRST, files("lite"))
        with pytest.raises(BadArgumentError, match=LITE):
            folder.model(V3)

    def test_a_model_in_use_whose_files_are_gone_is_said_to_be_missing(self, folder: StateFolder) -> None:
        folder.install_model(LITE, FIRST, files("lite"))
        (folder.model(LITE) / "classifier.onnx").resolve().unlink()
        with pytest.raises(ModelError, match="kiosk model build"):
            folder.model(None)

    def test_a_state_folder_moved_elsewhere_still_works(self, folder: StateFolder, tmp_path: Path) -> None:
        """A device is given a ready state folder."""
        folder.install_model(LITE, FIRST, files("lite"))
        folder.path.rename(tmp_path / "device")
        assert model_text(StateFolder(tmp_path / "device"), None) == "lite"

    def test_the_name_in_use_is_told_through_a_link_by_another_path(
        self, folder: StateFolder, tmp_path: Path
    ) -> None:
        folder.install_model(LITE, FIRST, files("lite"))
        (tmp_path / "alias").symlink_to(folder.path)
        assert StateFolder(tmp_path / "alias").current_name() == LITE
