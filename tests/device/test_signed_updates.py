"""Signed releases on a throw-away device: what a stranger, a taken exhibit and a taken ssh account get."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from signed_release import BLOCK, read_head

from tests.device.pushed_checkout import PushedCheckout
from tests.device.test_push import push, refused_push, wait_until
from tests.device.throwaway_device import ThrowawayDevice
from tests.unit.signed_stick import make_key

pytestmark = pytest.mark.untimed

PIN = "804159"
DOOR = "/usr/local/lib/kiosk/kiosk-release"
SERVICE = "/run/kiosk-update.socket"
# As kiosk-update.socket has it: for the exhibit's user alone.
SERVE = f"""
systemd-socket-activate --listen={SERVICE} \\
  /usr/bin/python3 -E -s -B /usr/local/lib/kiosk/update_service.py >/run/update.log 2>&1 </dev/null &
until [ -S {SERVICE} ]; do sleep 0.05; done
chown kiosk:kiosk {SERVICE}; chmod 600 {SERVICE}
"""
ASK = f"""import socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect("{SERVICE}")
    connection.sendall(sys.stdin.buffer.readline())
    print(connection.makefile().readline())
"""


@pytest.fixture
def device(pushed_device: ThrowawayDevice) -> ThrowawayDevice:
    """A device on which version 1.0 runs, and on which the update service answers."""
    if shutil.which("systemd-socket-activate") is None:
        pytest.skip("systemd-socket-activate is not installed: apt-get install systemd")
    pushed_device.write("root/serve", SERVE)
    pushed_device.write("tmp/ask", ASK)
    pushed_device.run("sh /root/serve")
    return pushed_device


def ask(device: ThrowawayDevice, what: str, user: str = "kiosk", **fields: object) -> dict[str, object]:
    """Return the service's answer to what a user asks."""
    done = subprocess.run(
        device.as_root(f"runuser -u {user} -- /usr/bin/python3 /tmp/ask"),
        input=json.dumps({"ask": what, **fields}) + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise PermissionError(done.stderr)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def until_told(device: ThrowawayDevice) -> tuple[str, str]:
    due_s = time.monotonic() + 60
    while (told := ask(device, "look"))["stage"] == "running":
        assert time.monotonic() < due_s
        time.sleep(0.1)
    return str(told["stage"]), str(told["line"])


@contextmanager
def signed_by(checkout: PushedCheckout, key: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let deploy.sh sign by another key than the one that the device knows."""
    with monkeypatch.context() as patched:
        patched.setattr(
            PushedCheckout,
            "environment",
            lambda self, config, plain=PushedCheckout.environment: (
                plain(self, config) | {"KIOSK_SIGNING_KEY": str(key)}
            ),
        )
        yield
    del checkout


def stick_of(device: ThrowawayDevice) -> Path:
    stick = device.root / "media" / "sda1"
    stick.mkdir(parents=True, exist_ok=True)
    return stick


def put_on_stick(checkout: PushedCheckout, device: ThrowawayDevice, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the archive that deploy.sh writes to a stick, signed by the key that pushed."""
    stick = stick_of(device)
    with signed_by(checkout, device.folder / "user_key", monkeypatch):
        written = checkout.deploy(device.ssh_config, "stick", stick)
    assert written.returncode == 0, written.stderr
    return max(stick.glob("kiosk-update-*.tar"), key=lambda path: path.stat().st_mtime_ns)


class TestPush:
    def test_the_first_push_leaves_its_key_and_the_manifest(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        del checkout
        kind, code, *_ = (pushed_device.folder / "user_key.pub").read_text("ascii").split()
        known = pushed_device.read("etc/kiosk/allowed_signers")
        assert f'namespaces="kiosk-update@kiosk" {kind} {code}\n' in known
        manifest = pushed_device.read(f"opt/kiosk/releases/{pushed_device.current_release()}/manifest")
        assert "release/systemd/install-release" in manifest
        assert (pushed_device.root / "opt/kiosk/private").stat().st_mode & 0o777 == 0o700

    def test_another_key_is_refused_even_with_all_of_ssh_and_sudo(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:  # fmt: skip
        first = pushed_device.current_release()
        checkout.release("1.1")
        with signed_by(checkout, make_key(tmp_path), monkeypatch):
            assert "a key that this exhibit does not know: SHA256:" in refused_push(checkout, pushed_device)
        assert pushed_device.current_release() == first

    def test_sudo_for_the_one_command_is_enough_and_gives_nothing_else(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        pushed_device.write("etc/sudoers", f"pi ALL=(root) NOPASSWD: {DOOR}\n")
        checkout.release("1.1")
        push(checkout, pushed_device)
        assert pushed_device.current_release().startswith("1.1-")
        assert pushed_device.running_release() == pushed_device.current_release()
        status = checkout.deploy(pushed_device.ssh_config, "status", "pi")
        assert "1.1-" in status.stdout
        evil = "#!/bin/sh\ntouch /owned\n"
        for command, sent in (
            (f"sudo -n {DOOR} install", evil),
            (f"sudo -n {DOOR} install --from /tmp", evil),
            (f"sudo -n {DOOR} plan --jetson=$(id)", evil),
            ("sudo -n sh -c id", ""),
            (f"sudo -n {DOOR} ../../../../bin/sh", evil),
        ):
            done = subprocess.run(
                pushed_device.ssh(command), input=sent, capture_output=True, text=True, check=False
            )
            assert done.returncode != 0, command
        assert not (pushed_device.root / "owned").exists()

    def test_what_was_changed_on_the_way_is_refused(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = pushed_device.current_release()
        checkout.release("1.1")
        archive = put_on_stick(checkout, pushed_device, monkeypatch).read_bytes()
        evil = archive.replace(b"set -euo pipefail", b"touch /owned;true", 1)
        assert evil != archive
        for content, words in ((evil, "is not what was signed"), (archive[:-5000], "cut off")):
            done = subprocess.run(
                pushed_device.ssh(f"sudo -n {DOOR} install --offline"),
                input=content,
                capture_output=True,
                check=False,
            )
            assert done.returncode == 1
            assert words in done.stderr.decode()
        assert not (pushed_device.root / "owned").exists()
        assert pushed_device.current_release() == first
        assert list((pushed_device.root / "opt/kiosk/private").glob("staged-*")) == []

    def test_an_older_one_needs_a_word(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        checkout.release("0.10")
        line = refused_push(checkout, pushed_device)
        assert "is older than 1.0-" in line
        assert "--older" in line
        push(checkout, pushed_device, "--older")
        assert pushed_device.current_release().startswith("0.10-")

    def test_a_release_that_could_take_no_later_one_is_refused(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        first = pushed_device.current_release()
        checkout.release("1.1")
        door = checkout.folder / "systemd/lib/release_door.py"
        sound = door.read_text("utf-8")
        door.write_text(f"import nothing_like_it\n{sound}", "utf-8")
        try:
            assert "could take no later release" in refused_push(checkout, pushed_device)
        finally:
            door.write_text(sound, "utf-8")
        assert pushed_device.current_release() == first

    @pytest.mark.slow
    def test_the_way_in_stays_when_a_release_comes_back_that_does_not_know_it(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        first = pushed_device.root / "opt/kiosk/releases" / pushed_device.current_release()
        checkout.release("1.1")
        push(checkout, pushed_device)
        shutil.rmtree(first / "systemd" / "lib")
        (first / "systemd" / "lib").mkdir()
        shutil.copy(checkout.folder / "systemd/lib/open-exhibit", first / "systemd" / "lib")
        done = checkout.deploy(pushed_device.ssh_config, "rollback", "pi")
        assert done.returncode == 0, done.stderr
        assert not (pushed_device.root / "local/lib/kiosk/update_service.py").exists()
        pushed_device.write("etc/sudoers", f"pi ALL=(root) NOPASSWD: {DOOR}\n")
        checkout.release("1.2")
        push(checkout, pushed_device)
        assert pushed_device.current_release().startswith("1.2-")

    @pytest.mark.slow
    def test_a_key_that_only_an_agent_has_may_sign(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:  # fmt: skip
        socket = tmp_path / "agent"
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        try:
            wait_until(socket.exists)
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            subprocess.run(["ssh-add", "-q", pushed_device.folder / "user_key"], check=True)
            public = tmp_path / "user_key.pub"
            shutil.copy(pushed_device.folder / "user_key.pub", public)
            checkout.release("1.1")
            with signed_by(checkout, public, monkeypatch):
                push(checkout, pushed_device)
        finally:
            agent.terminate()
            agent.wait()
        assert pushed_device.current_release().startswith("1.1-")

    @pytest.mark.slow
    def test_keys_are_replaced_by_a_push_that_the_old_one_signed(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:  # fmt: skip
        key = make_key(tmp_path, "ben@workshop")
        push(checkout, pushed_device, "--signers", key.with_name(key.name + ".pub"))
        assert pushed_device.read("etc/kiosk/allowed_signers").startswith("ben@workshop namespaces=")
        checkout.release("1.1")
        assert "does not know" in refused_push(checkout, pushed_device)
        with signed_by(checkout, key, monkeypatch):
            push(checkout, pushed_device)
        assert pushed_device.current_release().startswith("1.1-")


class TestStick:
    def test_from_the_stick_to_the_running_release(
        self, device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ask(device, "choose", pin=PIN)["fault"] == ""
        checkout.release("1.1")
        put_on_stick(checkout, device, monkeypatch)
        shown = ask(device, "look")
        assert str(shown["release"]).startswith("1.1-")
        assert ask(device, "install", pin="1111", seen=shown["seen"], older=False)["right"] is False
        assert ask(device, "install", pin=PIN, seen=shown["seen"], older=False)["right"] is True
        stage, line = until_told(device)
        assert stage == "done", line + device.read("run/update.log")
        assert device.current_release().startswith("1.1-")
        assert device.running_release() == device.current_release()

    @pytest.mark.slow
    def test_one_that_does_not_come_up_goes_back_and_says_so(
        self, device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = device.current_release()
        ask(device, "choose", pin=PIN)
        checkout.release("1.2", fault="no ready")
        put_on_stick(checkout, device, monkeypatch)
        ask(device, "install", pin=PIN, seen=ask(device, "look")["seen"], older=False)
        stage, line = until_told(device)
        assert (stage, f"{first} runs again" in line) == ("failed", True)
        assert device.running_release() == device.current_release() == first

    def test_a_strangers_three_lines_do_not_run(
        self, device: ThrowawayDevice, checkout: PushedCheckout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask(device, "choose", pin=PIN)
        checkout.release("1.1")
        archive = put_on_stick(checkout, device, monkeypatch)
        seen = ask(device, "look")["seen"]
        content = archive.read_bytes()
        archive.write_bytes(content.replace(b"set -euo pipefail", b"touch /owned;true", 1))
        ask(device, "install", pin=PIN, seen=seen, older=False)
        stage, line = until_told(device)
        assert (stage, "is not what was signed" in line) == ("failed", True)
        with archive.open("rb") as file:
            head = read_head(file)
        begin = 2 * BLOCK + len(head.manifest) + -len(head.manifest) % BLOCK
        archive.write_bytes(
            content[: begin - BLOCK] + content[begin + BLOCK + -len(head.signature) % BLOCK :]
        )
        assert "not signed" in str(ask(device, "look")["refused"])
        assert not (device.root / "owned").exists()
        assert "is not what was signed" in device.read("run/update.log"), "the journal says so as well"

    def test_a_taken_exhibit_gets_nothing_but_answers(self, device: ThrowawayDevice) -> None:
        ask(device, "choose", pin=PIN)
        for command in (
            "cat /opt/kiosk/private/staff-pin.json",
            "ls /opt/kiosk/private",
            'sh -c "echo x >>/etc/kiosk/allowed_signers"',
            "rm /etc/kiosk/allowed_signers",
            "touch /usr/local/lib/kiosk/signed_release.py",
            "touch /opt/kiosk/releases/x",
            'sh -c "mv /opt/kiosk/private /opt/kiosk/other"',
        ):
            done = subprocess.run(
                device.as_root(f"runuser -u kiosk -- {command}"), capture_output=True, text=True, check=False
            )
            assert done.returncode != 0, command
        with pytest.raises(PermissionError):
            ask(device, "pin", user="pi")

    def test_a_forgotten_pin_is_removed_by_who_may_push(
        self, device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        ask(device, "choose", pin=PIN)
        device.write("etc/sudoers", f"pi ALL=(root) NOPASSWD: {DOOR}\n")
        done = checkout.deploy(device.ssh_config, "forget-pin", "pi")
        assert done.returncode == 0, done.stderr
        assert ask(device, "pin")["chosen"] is False
        assert ask(device, "choose", pin="20406")["fault"] == ""


class TestStateFolder:
    @pytest.mark.slow
    def test_a_model_is_never_written_where_a_taken_exhibit_points(
        self, pushed_device: ThrowawayDevice, checkout: PushedCheckout
    ) -> None:
        state = pushed_device.root / "var/lib/kiosk"
        pushed_device.write("victim/classifier.onnx", "root's own")
        subprocess.run(["rm", "-rf", state / "models"], check=True)
        (state / "models").symlink_to("/victim")
        checkout.deploy(pushed_device.ssh_config, "push", "pi", "--model")
        assert {path.name for path in (pushed_device.root / "victim").iterdir()} == {"classifier.onnx"}
