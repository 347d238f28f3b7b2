"""Every screen before and after: golden states of a git revision beside those of this checkout, as they are drawn now.

`python -m tests.golden.before_after [PARTS OF NAMES]` writes dist/before-after/index.html and the pictures it shows.
"""

import argparse
import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "a7bad92"
SIZES = "800x480,1280x800,720x1280,1920x1080"
STYLE = """
body { background: #0d1117; color: #f2f4f7; font: 16px sans-serif; margin: 24px }
h2 { margin: 40px 0 8px } .same h2 { color: #a7b0bd }
figure { display: inline-block; margin: 0 12px 12px 0; vertical-align: top } figcaption { color: #a7b0bd }
img { max-width: 46vw; max-height: 80vh; border: 1px solid #39424f }
"""


@dataclass(frozen=True)
class Pair:
    """One state on one panel: its pictures as paths below the report's folder, None where it is not drawn."""

    state: str
    size: str
    before: Path | None
    after: Path | None
    changed: bool

    @property
    def told(self) -> str:
        """What became of it, in a word."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        return "changed" if self.changed else "the same"


def extract(revision: str, folder: Path) -> None:
    """Write the files of a revision into a folder."""
    archive = folder / "revision.tar"
    subprocess.run(["git", "archive", "-o", archive, revision], cwd=ROOT, check=True)
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)


def draw(checkout: Path, folder: Path, sizes: str, parts: Sequence[str]) -> None:
    """Draw the states of a checkout by its own code, in a process of its own."""
    own = {"PYTHONPATH": str(checkout), "SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    command = [sys.executable, "-P", str(Path(__file__).with_name("drawing.py")), str(folder), sizes, *parts]
    subprocess.run(command, cwd=checkout, env=os.environ | own, check=True)


def pairs(folder: Path, sizes: Iterable[str]) -> Iterator[Pair]:
    """Yield what was drawn, by state and panel; what is the same to the byte is not changed."""
    found = {path.name for side in ("before", "after") for path in (folder / side).glob("*.png")}
    for name in sorted({name.rpartition("-")[0] for name in found}):
        for size in sizes:
            before, after = (folder / side / f"{name}-{size}.png" for side in ("before", "after"))
            if before.is_file() and after.is_file():
                changed = before.read_bytes() != after.read_bytes()
            elif before.is_file() or after.is_file():
                changed = True
            else:
                continue
            yield Pair(name, size, _below(folder, before), _below(folder, after), changed)


def _below(folder: Path, picture: Path) -> Path | None:
    return picture.relative_to(folder) if picture.is_file() else None


def page(drawn: Sequence[Pair], revision: str) -> str:
    """Return the report as HTML: what changed or is new first, then what looks as it did."""
    rows = [f"<!doctype html><meta charset=utf-8><title>Before and after</title><style>{STYLE}</style>"]
    rows.append(f"<h1>{html.escape(revision)}, and now</h1>")
    for pair in sorted(drawn, key=lambda pair: not pair.changed):
        rows.append(f"<section class={'changed' if pair.changed else 'same'}>")
        rows.append(f"<h2>{html.escape(pair.state)}, {pair.size}: {pair.told}</h2>")
        shown = (("before", pair.before), ("after", pair.after)) if pair.changed else (("both", pair.after),)
        rows += [
            f"<figure><figcaption>{side}</figcaption><a href='{path}'><img loading=lazy src='{path}'></a></figure>"
            for side, path in shown
            if path is not None
        ]
        rows.append("</section>")
    return "\n".join(rows)


def main() -> None:
    """Draw both sides, write the page and say where it is."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "parts", nargs="*", help="draw states whose names have one of these in them; else all"
    )
    arguments.add_argument("--before", default=BEFORE, help=f"a git revision ({BEFORE})")
    arguments.add_argument("--sizes", default=SIZES, help=SIZES)
    arguments.add_argument("--out", type=Path, default=ROOT / "dist" / "before-after")
    given = arguments.parse_args()
    out: Path = given.out.resolve()
    for old in out.glob("*/*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        extract(given.before, Path(folder))
        draw(Path(folder), out / "before", given.sizes, given.parts)
    draw(ROOT, out / "after", given.sizes, given.parts)
    drawn = list(pairs(out, given.sizes.split(",")))
    (out / "index.html").write_text(page(drawn, given.before), "utf-8")
    told = [pair.told for pair in drawn]
    counted = ", ".join(f"{told.count(word)} {word}" for word in ("new", "gone", "changed", "the same"))
    sys.stdout.write(f"{out / 'index.html'}: {counted}\n")


if __name__ == "__main__":
    main()
