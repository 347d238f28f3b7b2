"""A copy of this checkout in which topics are added and removed, as a developer would.

`python -m tests.exhibit.checkout add flip FOLDER` and `... remove dice FOLDER` make one and say what was touched.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(__file__).parent / "examples"
AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@localhost")
LISTS = {"topics": "kiosk/exhibit/topics.py", "parts": "kiosk/exhibit/parts.py"}


@dataclass(frozen=True)
class Touched:
    """How many existing files a change touches, and how many lines it adds to and takes from them."""

    files: int
    added: int
    removed: int


class Checkout:
    """Owns nothing: a folder with the files of this checkout as they are now, and a commit of them."""

    def __init__(self, folder: Path) -> None:
        """Copy the files there, and commit them."""
        self.folder = folder
        listed = _git(ROOT, "ls-files", "-co", "--exclude-standard").splitlines()
        for name in listed:
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        _git(folder, "init", "-q")
        _git(folder, "add", "-A")
        _git(folder, *AUTHOR, "commit", "-qm", "as it is")

    def touched(self) -> Touched:
        """What was done to files that were there before."""
        rows = [
            row.split("\t") for row in _git(self.folder, "diff", "--numstat", "--diff-filter=M").splitlines()
        ]
        return Touched(len(rows), sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows))

    def add(self, name: str) -> None:
        """Add one of the example topics: its files, and its lines in the lists."""
        for source in sorted((EXAMPLES / name).rglob("*")):
            target = self.folder / source.relative_to(EXAMPLES / name).as_posix().removesuffix(".txt")
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        self.list_topic(name)
        performing = self.folder / "kiosk" / "topics" / name / "performing.py"
        if performing.is_file():
            (part,) = re.findall(r"^class (\w+)\(Part\[", performing.read_text("utf-8"), re.MULTILINE)
            self._line("parts", f"from kiosk.topics.{name}.performing import {part}", f"    {part},")

    def keep(self) -> None:
        """Commit what was changed."""
        _git(self.folder, "add", "-A")
        _git(self.folder, *AUTHOR, "commit", "-qm", "changed")

    def restore(self) -> None:
        """Take back everything since the last commit."""
        _git(self.folder, "checkout", "-q", ".")
        _git(self.folder, "clean", "-qfd")

    def list_topic(self, name: str) -> None:
        """Add a topic to the list of topics."""
        entry = name.upper()
        self._line("topics", f"from kiosk.topics.{name}.topic import TOPIC as {entry}", f"    {entry},")

    def remove(self, name: str) -> None:
        """Remove a topic: its package, its tests, its lines in the lists."""
        shutil.rmtree(self.folder / "kiosk" / "topics" / name)
        shutil.rmtree(self.folder / "tests" / "topics" / name)
        for path in LISTS.values():
            file = self.folder / path
            text = file.read_text("utf-8")
            imports = re.findall(rf"^from kiosk\.topics\.{name}\..* import .*\n", text, re.MULTILINE)
            for line in imports:
                entry = line.split()[-1]
                text = text.replace(line, "").replace(f"    {entry},\n", "")
            file.write_text(text, "utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this Python's environment on its own package, not on the one that is installed.

        The copy is a desk of its own, where golden pictures may be drawn, whether the gate runs under CI or not.
        """
        commands = Path(sys.executable).parent
        desk = {name: value for name, value in os.environ.items() if name != "CI"}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=desk | {"PYTHONPATH": str(self.folder), "PATH": f"{commands}{os.pathsep}{desk['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    def _line(self, which: str, imported: str, entry: str) -> None:
        """One import, in its place by the alphabet, and one entry at the end of the list."""
        file = self.folder / LISTS[which]
        lines = file.read_text("utf-8").splitlines()
        imports = [at for at, line in enumerate(lines) if line.startswith("from kiosk.topics.")]
        at = next((at for at in imports if lines[at] > imported), imports[-1] + 1)
        lines.insert(at, imported)
        lines.insert(max(at for at, line in enumerate(lines) if line == ")"), entry)
        file.write_text("\n".join(lines) + "\n", "utf-8")


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def main(arguments: Sequence[str]) -> int:
    """Make a checkout with the example added, or a topic removed, and print what that touched."""
    match arguments:
        case ["add", name, folder]:
            checkout = Checkout(Path(folder))
            checkout.add(name)
        case ["remove", name, folder]:
            checkout = Checkout(Path(folder))
            checkout.remove(name)
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    touched = checkout.touched()
    sys.stdout.write(f"existing files touched: {touched.files}, lines +{touched.added} -{touched.removed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
