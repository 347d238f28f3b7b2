"""The product that is pushed, and devices to push it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.pushed_checkout import PushedCheckout, make_wheelhouse
from tests.device.throwaway_device import ThrowawayDevice, missing_for_a_device


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheelhouse, a checkout at version 1.0, and devices: new, pushed to once, pushed to twice."""
    why = missing_for_a_device()
    if why is not None:
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("push")
    make_wheelhouse(folder / "wheels")
    checkout = PushedCheckout.made(folder / "checkout", folder / "wheels")
    (folder / "new").mkdir()
    pushed = ThrowawayDevice.made(folder / "new").copy(folder / "pushed")
    pushed.write_model()
    pushed.write("etc/missing-packages", "cage\npython3-picamera2\n")
    with pushed as device:
        first = checkout.deploy(device.ssh_config, "push", "pi", "--wheelhouse", checkout.wheelhouse)
        assert first.returncode == 0, first.stdout + first.stderr
        assert device.running_release() is not None
    pushed.copy(folder / "once")
    with pushed as device:
        device.run("systemctl start kiosk.service")
        second = checkout.deploy(device.ssh_config, "push", "pi", "--wheelhouse", checkout.wheelhouse)
        assert second.returncode == 0, second.stdout + second.stderr
        assert device.running_release() is not None
    return folder


@pytest.fixture
def checkout(made: Path) -> PushedCheckout:
    """A checkout of the version that the pushed device runs, to be changed."""
    checkout = PushedCheckout(made / "checkout", made / "wheels")
    checkout.release("1.0")
    return checkout


@pytest.fixture
def new_device(made: Path, tmp_path: Path) -> Iterator[ThrowawayDevice]:
    """A device fresh from its card."""
    with ThrowawayDevice(made / "new").copy(tmp_path / "device") as device:
        yield device


@pytest.fixture(scope="session")
def running(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayDevice]:
    """A device on which version 1.0 runs, for tests that change nothing on it."""
    with ThrowawayDevice(made / "pushed").copy(tmp_path_factory.mktemp("running") / "device") as device:
        device.run("systemctl start kiosk.service")
        yield device


@pytest.fixture
def pushed_device(made: Path, tmp_path: Path) -> Iterator[ThrowawayDevice]:
    """A device on which version 1.0 runs."""
    with ThrowawayDevice(made / "pushed").copy(tmp_path / "device") as device:
        device.run("systemctl start kiosk.service")
        yield device


@pytest.fixture
def once_pushed_device(made: Path, tmp_path: Path) -> Iterator[ThrowawayDevice]:
    """A device on which version 1.0 runs since its first push."""
    with ThrowawayDevice(made / "once").copy(tmp_path / "device") as device:
        device.run("systemctl start kiosk.service")
        yield device


@pytest.fixture
def device(pushed_device: ThrowawayDevice) -> ThrowawayDevice:
    """The same; a module may make more of it under this name."""
    return pushed_device
