"""Who may do what on a device after pushes: nobody is locked out by one, and nothing is left open for good."""

import subprocess

import pytest

from tests.device.pushed_checkout import PushedCheckout
from tests.device.test_push import push
from tests.device.throwaway_device import SUDOERS, ThrowawayDevice

pytestmark = pytest.mark.untimed

DOOR = "/usr/local/lib/kiosk/kiosk-release"
RULE = "etc/sudoers.d/kiosk-release"
AS_TEE_MAKES_IT = 0o644
LOGIN = "etc/ssh/sshd_config.d/10-kiosk.conf"
HOWS_LOGIN = "/usr/sbin/sshd -T 2>/dev/null | grep ^passwordauthentication"


def as_pi(device: ThrowawayDevice, command: str) -> int:
    """Return how a command of the device's user ended."""
    return subprocess.run(device.ssh(command), capture_output=True, check=False, timeout=60).returncode


@pytest.fixture
def once(once_pushed_device: ThrowawayDevice) -> ThrowawayDevice:
    """A device after its first push, with the rule that the README has staff make before it."""
    once_pushed_device.write("etc/sudoers.d/90-kiosk", "pi ALL=(ALL) NOPASSWD: ALL\n").chmod(AS_TEE_MAKES_IT)
    return once_pushed_device


def test_a_first_push_closes_nothing(once: ThrowawayDevice) -> None:
    assert as_pi(once, "sudo -n true") == 0
    assert as_pi(once, f"sudo -n {DOOR} version") == 0
    assert once.read(RULE) == f"pi ALL=(root) NOPASSWD: {DOOR}\n"
    assert once.run(HOWS_LOGIN) == "passwordauthentication yes\n"


def test_a_second_one_that_came_by_the_door_leaves_the_door_and_keys(
    once: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    asked = once.read("var/log/systemctl.log")
    done = push(checkout, once)
    assert "let pi become root without a password by kiosk-release alone" in done.stdout
    assert "start" not in once.read("var/log/systemctl.log").removeprefix(asked), "the exhibit ran on"
    assert "let people in by their ssh key alone" in done.stdout
    assert as_pi(once, "sudo -n true") != 0
    assert as_pi(once, f"sudo -n {DOOR} version") == 0
    assert as_pi(once, "sudo -n sh /tmp/anything") != 0
    assert once.run(HOWS_LOGIN) == "passwordauthentication no\n"
    with_login(once)
    assert as_pi(once, "true") == 0, "a key goes on being a way in"
    assert "Nothing to do" in push(checkout, once).stdout
    checkout.release("1.1")
    push(checkout, once)
    assert once.current_release().startswith("1.1-")
    assert checkout.deploy(once.ssh_config, "rollback", "pi").returncode == 0


def with_login(device: ThrowawayDevice) -> None:
    """Switch it off and on: sshd reads its settings."""
    device.cut_power()
    device.__enter__()


def test_a_dry_run_says_so_and_closes_nothing(once: ThrowawayDevice, checkout: PushedCheckout) -> None:
    done = push(checkout, once, "--dry-run")
    assert "by kiosk-release alone" in done.stdout
    assert as_pi(once, "sudo -n true") == 0
    assert not (once.root / LOGIN).exists()


def test_the_way_back_is_one_command(once: ThrowawayDevice, checkout: PushedCheckout) -> None:
    push(checkout, once)
    once.run("/usr/local/lib/kiosk/kiosk-access widen")
    assert as_pi(once, "sudo -n true") == 0
    assert once.read("etc/sudoers") == SUDOERS
    assert once.read("etc/sudoers.d/90-kiosk") == "pi ALL=(ALL) NOPASSWD: ALL\n"
    assert once.run(HOWS_LOGIN) == "passwordauthentication yes\n"
    assert "any" in once.read("etc/kiosk/usb-allowed").split()
    checkout.release("1.1")
    push(checkout, once)
    assert as_pi(once, "sudo -n true") == 0, "it stays open until staff say otherwise"


def test_where_the_door_would_not_open_sudo_stays_as_it_was(
    once: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    """Another rule, read later, asks for a password after all."""
    once.write("etc/sudoers.d/zz-strict", f"pi ALL=(root) PASSWD: {DOOR} version\n").chmod(0o440)
    done = checkout.deploy(once.ssh_config, "push", "pi")
    assert as_pi(once, "sudo -n true") == 0, done.stdout + done.stderr
    assert not (once.root / LOGIN).exists()
    assert once.read("etc/sudoers") == SUDOERS


def test_sshd_that_does_not_take_it_goes_on_taking_passwords(
    once: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    once.write("etc/ssh/sshd_config", once.read("etc/ssh/sshd_config").replace("Include", "#Include"))
    done = push(checkout, once)
    assert "passwords go on being a way in" in done.stdout + done.stderr
    assert not (once.root / LOGIN).exists()
