"""A small product to push: the real deploy.sh and install scripts, around a kiosk and packages of a few lines each."""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "systemd" / "lib"
INSTALLERS = ("install-release", "install-system", "device_requirements.py")

PYPROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "kiosk"
version = "{version}"
dependencies = [
    "screen=={screen}",
    "torch==2.9; platform_machine != 'aarch64'",
    "torch==2.8; platform_machine == 'aarch64'",
]

[project.optional-dependencies]
build = ["torchvision==0.24"]
picamera2 = ["simplejpeg==1.9.0; python_version < '3.12'"]

[project.scripts]
kiosk = "kiosk.cli:main"
"""
# The faults of a release are in its text: they are what a bad release differs by from a good one.
CLI = """
import os, socket, sys, time
from pathlib import Path

FAULT = "{fault}"
STATE = Path(os.environ["KIOSK_STATE"])
RELEASE = Path(sys.prefix).parent.name


def main():
    words = sys.argv[1:]
    if words[:2] == ["model", "build"]:
        return build(*words[2:])
    note("kiosk.calls", f"{RELEASE} {' '.join(words)}")
    if words == []:
        exhibit()
    elif words[0] == "check":
        beside = "--beside-running" in words
        if FAULT == "slow check" and beside:
            note("slow", "now")
            time.sleep(3)
        if FAULT == "endless check" and beside:
            sys.exit(124)  # timeout(1) says so of what it had to end
        if FAULT == ("check beside" if beside else "full check"):
            sys.exit("camera: there is none")


def build(name, _option, activations):
    folder = STATE / "models" / ".builds" / f"{name}-1"
    folder.mkdir(parents=True)
    for file in ("classifier.onnx", "float.onnx"):
        (folder / file).write_text(activations)
    (STATE / "models" / name).symlink_to(f".builds/{name}-1")
    (STATE / "models" / "current").symlink_to(name)
    (STATE / "stock").mkdir()
    (STATE / "stock" / "cat.png").write_text("a cat")


def exhibit():
    import screen, torch
    if FAULT == "no ready":
        sys.exit("the screen stays black")
    if FAULT == "slow ready":
        note("slow", "now")
        time.sleep(2)
    (STATE / "running").write_text(RELEASE)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
    time.sleep(3600)


def note(name, line):
    with (STATE / name).open("a") as file:
        file.write(line + "\\n")
"""
UNITS = {
    "kiosk.service": """[Unit]
Description={version}
[Service]
Type=notify
User=kiosk
EnvironmentFile=-/etc/kiosk/environment
ExecStart=/usr/local/lib/kiosk/open-exhibit
[Install]
WantedBy=multi-user.target
""",
    "kiosk-gradients.socket": "[Socket]\nListenStream=/run/kiosk/gradients\n[Install]\nWantedBy=sockets.target\n",
    "kiosk-close.timer": "[Timer]\nOnCalendar=18:00\n[Install]\nWantedBy=timers.target\n",
    "data.mount": "[Mount]\nWhat=/dev/disk/by-label/kiosk-data\nWhere=/data\n[Install]\nWantedBy=multi-user.target\n",
    "lib/open-exhibit": "#!/bin/sh\nexec /opt/kiosk/current/.venv/bin/kiosk\n",
    "jetson/kiosk.service.d/50-jetson.conf": "[Service]\nEnvironment=DISPLAY=:0\n",
    "journald.conf.d/kiosk.conf": "[Journal]\nStorage=volatile\n",
    "kiosk.service.d/memory.conf": "[Service]\nMemoryMax=500M\n",
    "raspberry_pi/swap.conf.d/kiosk.conf": "[Main]\nMechanism=zram\n",
}
BOOT_FILES = {
    "raspberry_pi/kiosk.txt": "dtoverlay=gpio-key,gpio=17,keycode=57,label=shutter\n",
    "raspberry_pi/cmdline.txt": "# quiet boot\nquiet\nconsoleblank=0\n",
    "jetson/kiosk-buttons.dts": "/dts-v1/;\n/plugin/;\n/ { };\n",
}
# A build backend as small as a package can do with; pip calls it as it calls hatchling.
BACKEND = """
import tomllib, zipfile
from pathlib import Path


def build_editable(folder, config_settings=None, metadata_directory=None):
    return build(folder, {"_kiosk.pth": f"{Path.cwd()}\\n"})


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return build(folder, {f"kiosk/{path.name}": path.read_bytes() for path in Path("kiosk").iterdir()})


def build(folder, contents):
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    info, lines = f"kiosk-{project['version']}.dist-info", []
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        for requirement in requirements:
            wanted, _, marker = requirement.partition(";")
            lines.append(f"Requires-Dist: {wanted}; extra == '{extra}'" + (f" and {marker}" if marker else ""))
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    head = f"Metadata-Version: 2.1\\nName: kiosk\\nVersion: {project['version']}\\n"
    name = f"kiosk-{project['version']}-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        for path, content in contents.items():
            wheel.writestr(path, content)
        wheel.writestr(f"{info}/METADATA", head + "\\n".join(lines) + "\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\nkiosk = kiosk.cli:main\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    tag: str = "py3-none-any",
    files: Mapping[str, str] | None = None,
    requires: Sequence[str] = (),
) -> None:
    """Write a wheel that pip installs; its package holds only its version."""
    info = f"{name}-{version}.dist-info"
    requirements = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    contents = files or {f"{name}/__init__.py": f"VERSION = '{version}'\n"}
    with zipfile.ZipFile(folder / f"{name}-{version}-{tag}.whl", "w") as wheel:
        for path, text in contents.items():
            wheel.writestr(path, text)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requirements}"
        )
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


def make_wheelhouse(folder: Path) -> None:
    """Fill a folder with stand-ins for what the kiosk is made of."""
    folder.mkdir()
    make_wheel(
        folder, "hatchling", "1.99", files={"hatchling/__init__.py": "", "hatchling/build.py": BACKEND}
    )
    heavy = {"torch/__init__.py": "", "torch/weights.txt": "heavy " * 10000}
    make_wheel(folder, "torch", "2.9", files=heavy)
    make_wheel(folder, "torch", "2.8", files=heavy)
    for version in ("1", "2"):
        make_wheel(folder, "screen", version)
    make_wheel(folder, "torchvision", "0.24")
    make_wheel(folder, "simplejpeg", "1.9.0")


@dataclass(frozen=True)
class PushedCheckout:
    """A checkout whose release is a version, a fault and a list of packages."""

    folder: Path
    wheelhouse: Path

    @classmethod
    def made(cls, folder: Path, wheelhouse: Path) -> "PushedCheckout":
        """Return a checkout of the first version."""
        checkout = cls(folder, wheelhouse)
        folder.mkdir()
        shutil.copy(ROOT / "deploy.sh", folder)
        (folder / "systemd").mkdir()
        for name in INSTALLERS:
            shutil.copy(ROOT / "systemd" / name, folder / "systemd")
        shutil.copytree(LIB, folder / "systemd" / "lib", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("README.md", "LICENSE", "THIRD_PARTY_NOTICES.md"):
            (folder / name).write_text("…\n", "utf-8")
        checkout.release("1.0")
        return checkout

    def release(self, version: str, *, fault: str = "", screen: str = "1", without: str = "") -> None:
        """Make a version the checkout's, with a fault in its program, or without one of the units."""
        shutil.rmtree(self.folder / "kiosk", ignore_errors=True)
        self._write("pyproject.toml", PYPROJECT.format(version=version, screen=screen))
        self._write("kiosk/__init__.py", f'"""The kiosk {version}."""\n')
        self._write("kiosk/cli.py", CLI.replace("{fault}", fault))
        for name, text in UNITS.items():
            self._write(f"systemd/{name}", text.replace("{version}", version))
        (self.folder / "systemd/lib/open-exhibit").chmod(0o755)
        if without:
            (self.folder / "systemd" / without).unlink()
        for name, text in BOOT_FILES.items():
            self._write(f"firmware_config/{name}", text)

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def environment(self, ssh_config: Path) -> dict[str, str]:
        """Return what deploy.sh runs in: an ssh that knows the device, a pip that knows the wheelhouse alone."""
        commands = self.folder / ".commands"
        commands.mkdir(exist_ok=True)
        ssh = commands / "ssh"
        ssh.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {ssh_config} "$@"\n', "utf-8")
        ssh.chmod(0o755)
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheelhouse), "PIP_CONFIG_FILE": os.devnull}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "KIOSK_", "PYTHON"))
        }
        return kept | pip | {"PATH": f"{commands}:{os.environ['PATH']}"}

    def deploy(self, ssh_config: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Return how a run of deploy.sh went."""
        return subprocess.run(
            [self.folder / "deploy.sh", *arguments],
            env=self.environment(ssh_config),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
