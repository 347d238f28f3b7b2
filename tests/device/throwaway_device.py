"""A device to push to: an OpenSSH server on loopback in a root folder of its own, which goes with the test.

The system's programs are this machine's (`/usr`, read-only); users, settings, boot files and everything that a push
writes are the folder's. No systemd runs there: stand-ins for it and for hardware come first on the device's PATH.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

STAND_INS = Path(__file__).parent / "stand_ins"
STARTS_WITHIN_S = 20

# Runs in namespaces of its own, so that nothing is left when its first process ends.
BOOT = """
mount --bind "$1" "$1"
mount --rbind /usr "$1/usr"
mount -o remount,bind,ro "$1/usr"
mount --bind "$1/local" "$1/usr/local"
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
for folder in bin sbin lib lib32 lib64; do
  if [ -d "$1/$folder" ] && [ ! -L "$1/$folder" ]; then mount --bind "/$folder" "$1/$folder"; fi
done
if [ -d "$1/media/root-ro" ]; then # overlayroot's, with what overlayroot-chroot binds
  mount --bind "$1/media/root-ro" "$1/media/root-ro"
  mount --rbind /usr "$1/media/root-ro/usr"
  mount --bind "$1/local" "$1/media/root-ro/usr/local"
  mount --bind "$1/run" "$1/media/root-ro/run"
  mount --bind "$1/proc" "$1/media/root-ro/proc"
fi
PATH=/usr/sbin:$PATH # where it is for whom has none of root's folders
exec chroot "$1" /usr/sbin/sshd -D -e
"""
SSHD = """
Port {port}
ListenAddress 127.0.0.1
HostKey /etc/ssh/host_key
Include /etc/ssh/sshd_config.d/*.conf
UsePAM no
StrictModes no
PidFile none
SetEnv PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
"""
SSH = """
Host pi
  HostName 127.0.0.1
  Port {port}
  User pi
  IdentityFile {folder}/user_key
  UserKnownHostsFile {folder}/known_hosts
  IdentitiesOnly yes
"""
USERS = """root:x:0:0::/root:/bin/bash
pi:x:1000:1000::/home/pi:/bin/bash
sshd:x:101:65534::/run/sshd:/usr/sbin/nologin
"""
GROUPS = """root:x:0:
tty:x:5:
video:x:44:
input:x:105:
render:x:106:
pi:x:1000:
nogroup:x:65534:
"""
PAM = "".join(f"{kind} required pam_permit.so\n" for kind in ("auth", "account", "password", "session"))
SUDOERS = """Defaults secure_path="/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
pi ALL=(ALL) NOPASSWD: ALL
@includedir /etc/sudoers.d
"""
CONFIG = "# For more options see the documentation\ndtparam=audio=on\n\n[cm5]\ndtoverlay=dwc2\n"
CMDLINE = "console=tty1 root=PARTUUID=0-02 rootfstype=ext4 rootwait quiet\n"


def missing_for_a_device() -> str | None:
    """Return why no device can be made here, if so."""
    if os.geteuid() != 0:
        return "a throw-away device takes root, for its mounts and users"
    for program in ("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/sudo"):
        if not Path(program).exists():
            return f"{program} is not installed: apt-get install openssh-server openssh-client sudo"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode != 0:
        return "this machine does not let its root make namespaces"
    asked = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    if (
        subprocess.run(["/usr/bin/python3", "-c", asked], check=False, stderr=subprocess.DEVNULL).returncode
        != 0
    ):
        return "the system's /usr/bin/python3 is older than 3.11 or lacks venv: apt-get install python3-venv"
    return None


@dataclass
class ThrowawayDevice:
    """A Raspberry Pi to the push: `with` switches it on and off."""

    folder: Path
    port: int = 0
    _running: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def ssh_config(self) -> Path:
        """Return the file that makes `pi` this device's name."""
        return self.folder / "ssh_config"

    @classmethod
    def made(cls, folder: Path) -> "ThrowawayDevice":
        """Return a device as it comes from its SD card: a 64-bit Raspberry Pi OS to which a key was copied."""
        device = cls(folder)
        root = device.root
        for name in (
            "usr",
            "proc",
            "dev",
            "local/bin",
            "run/sshd",
            "run/lock",
            "tmp",
            "boot/firmware",
            "home/pi/.ssh",
        ):
            (root / name).mkdir(parents=True)
        for name in ("bin", "sbin", "lib", "lib32", "lib64"):
            there = Path("/") / name
            if there.is_symlink():
                (root / name).symlink_to(there.readlink())
            elif there.is_dir():
                (root / name).mkdir()
        for name in ("etc/ssh", "etc/pam.d", "etc/systemd/system", "var/log", "var/lib", "root"):
            (root / name).mkdir(parents=True)
        (root / "tmp").chmod(0o1777)
        for name in ("ld.so.cache", "nsswitch.conf", "login.defs", "hosts", "os-release"):
            shutil.copy(f"/etc/{name}", root / "etc")
        shutil.copytree("/etc/alternatives", root / "etc" / "alternatives", symlinks=True)
        device.write("etc/passwd", USERS)
        device.write("etc/group", GROUPS)
        device.write("etc/shadow", "root:*:::::::\npi:*:::::::\n")
        device.write("etc/sudoers", SUDOERS).chmod(0o440)
        for service in ("sudo", "runuser", "other"):
            device.write(f"etc/pam.d/{service}", PAM)
        device.write("boot/firmware/config.txt", CONFIG)
        device.write("boot/firmware/cmdline.txt", CMDLINE)
        for stand_in in STAND_INS.iterdir():
            shutil.copy(stand_in, root / "local" / "bin")
            (root / "local" / "bin" / stand_in.name).chmod(0o755)
        device._make_keys()
        return device

    def _make_keys(self) -> None:
        for key in (self.folder / "user_key", self.root / "etc" / "ssh" / "host_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.write("home/pi/.ssh/authorized_keys", (self.folder / "user_key.pub").read_text("utf-8"))
        os.chown(self.root / "home" / "pi", 1000, 1000)

    def copy(self, folder: Path) -> "ThrowawayDevice":
        """Return a device like this one, which is off."""
        assert self._running is None
        subprocess.run(["cp", "-a", self.folder, folder], check=True)
        return ThrowawayDevice(folder)

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def write_model(self) -> None:
        """Give the device a model, as one has to which an earlier kiosk was pushed."""
        self.write("var/lib/kiosk/models/.builds/small-1/classifier.onnx", "an earlier one")
        (self.root / "var/lib/kiosk/models/small").symlink_to(".builds/small-1")
        (self.root / "var/lib/kiosk/models/current").symlink_to("small")

    def command(self, name: str, body: str) -> None:
        """Put a stand-in for a command on the device's PATH."""
        self.write(f"local/bin/{name}", f"#!/bin/bash\n{body}\n").chmod(0o755)

    def __enter__(self) -> "ThrowawayDevice":
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.write("etc/ssh/sshd_config", SSHD.format(port=self.port))
        self.ssh_config.write_text(SSH.format(port=self.port, folder=self.folder), "utf-8")
        key = self.read("etc/ssh/host_key.pub")
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {key}", "utf-8")
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        with (self.folder / "sshd.log").open("ab") as log:
            self._running = subprocess.Popen(
                [*namespaces, "sh", "-ec", BOOT, "sh", str(self.root)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + STARTS_WITHIN_S
        while subprocess.run(self.ssh("true"), capture_output=True, check=False).returncode != 0:
            log_text = (self.folder / "sshd.log").read_text("utf-8")
            assert self._running.poll() is None, log_text
            assert time.monotonic() < deadline, log_text
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    def cut_power(self) -> None:
        """Kill everything that runs on the device at once."""
        if self._running is not None:
            self._running.send_signal(signal.SIGKILL)
            self._running.wait()
            self._running = None
        shutil.rmtree(self.root / "run")
        (self.root / "run" / "sshd").mkdir(parents=True)
        (self.root / "run" / "lock").mkdir()

    def ssh(self, command: str) -> list[str]:
        """Return the command line that runs a command on the device, as its ordinary user."""
        return ["/usr/bin/ssh", "-F", str(self.ssh_config), "-o", "BatchMode=yes", "pi", command]

    def as_root(self, command: str) -> list[str]:
        """Return the command line that runs a command as the device's root, whatever its user may."""
        assert self._running is not None
        children = Path(f"/proc/{self._running.pid}/task/{self._running.pid}/children")
        within = ["nsenter", f"--target={children.read_text('ascii').split()[0]}", "--mount", "--pid"]
        path = "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return [*within, "chroot", str(self.root), "env", "-i", path, "sh", "-c", command]

    def run(self, command: str) -> str:
        """Return what a command run by the device's root printed."""
        done = subprocess.run(self.as_root(command), capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def user_of(self, path: str) -> str:
        """Return the name of a file's owner, by the device's own list of users."""
        uid = (self.root / path).stat().st_uid
        return next(
            line.split(":")[0] for line in self.read("etc/passwd").splitlines() if f":x:{uid}:" in line
        )

    def running_release(self) -> str | None:
        """Return the release whose program is the exhibit that runs, which is not always the current one."""
        mark = self.root / "run" / "units" / "kiosk.service"
        return self.read("var/lib/kiosk/running") if mark.exists() else None

    def current_release(self) -> str:
        return (self.root / "opt/kiosk/current").readlink().name

    def releases(self) -> set[str]:
        """Return the names in the folder of releases, unfinished ones included."""
        return {path.name for path in (self.root / "opt/kiosk/releases").iterdir()}
