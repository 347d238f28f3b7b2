"""What the emulated machine is made of, as far as no machine is needed for it; the rest is tried by machine/run."""

import os
import subprocess
from pathlib import Path

from tests.device.buttons import load_table
from tests.device.machine.acpi_buttons import acpi_source
from tests.device.machine.faults import lost, table
from tests.device.machine.hardware import Bench, Hardware, Sockets, arguments
from tests.device.machine.summary import row
from tests.figures.kept import Kept

RUN = Path(__file__).parent / "machine" / "run"
NOT_TRIED = 77


def test_the_machines_header_has_the_buttons_of_the_table() -> None:
    table = load_table()
    source = acpi_source(table)
    lines = ", ".join(str(button.raspberry_pi_gpio) for button in table.buttons)
    assert f"{{ {lines} }}" in source
    for index, button in enumerate(table.buttons):
        assert f'"label", "{button.name}"}}, Package () {{"linux,code", {button.keycode}}}' in source
        assert f"{{^BTNS, 0, {index}, {int(table.active_low)}}}" in source
    assert source.count("{") == source.count("}")


def test_the_machine_reaches_no_network_and_is_reached_by_ssh_alone() -> None:
    bench, sockets = Bench(Path("/bench")), Sockets(Path("/sockets"), 2222)
    words = arguments(bench, Hardware(snapshot="ready"), sockets, Path("/card.qcow2"))
    (net,) = (words[at + 1] for at, word in enumerate(words) if word == "-netdev")
    assert net == "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:2222-:22"
    assert words[-2:] == ["-loadvm", "ready"]
    assert "-loadvm" not in arguments(bench, Hardware(), sockets, Path("/card.qcow2"))


def test_the_summary_says_what_passed_what_failed_and_what_was_measured(tmp_path: Path) -> None:
    kept = Kept.begun(tmp_path / "figures.jsonl", "a tree")
    kept.add({"test": "t.py::test_a_stick_is_read", "name": "stick, until read", "figure": "3 s"})
    kept.add_end("t.py::test_a_stick_is_read", "passed", 4)
    kept.add_end("t.py::test_another_mode_is_filled[kmsdrm]", "failed", 5)
    told = row(kept, "27 November 2026")
    assert "on 27 November 2026 1 of 2 tests passed: a stick is read" in told
    assert "**Failed**: another mode is filled (kmsdrm)" in told
    assert "stick, until read 3 s" in told
    assert told.startswith("| ")
    assert told.endswith(" |\n")
    assert told.count("\n") == 1


def test_a_fault_is_a_row_of_the_table_of_faults_and_what_only_grew_is_not_lost() -> None:
    cells = ("the attract loop", "7 s", "nothing", "by itself", "camera-pulled-out.png")
    told = table([("fault: camera pulled out", " | ".join(cells)), ("something else", "3 s")])
    assert told.splitlines()[2:] == [f"| camera pulled out | {' | '.join(cells)} |"]
    before = {"release": "1", "visits": 3, "the database": "ok"}
    assert lost(before, {"release": "1", "visits": 5, "the database": "ok"}) == []
    assert lost(before, {"release": "2", "visits": 2, "the database": "ok"}, frozenset({"release"})) == [
        "visits"
    ]


def test_where_something_is_missing_it_says_loudly_that_nothing_was_tried(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "readlink", "dirname", "id", "uname"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run(
        [RUN], env={"PATH": str(tools), "HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == NOT_TRIED, done.stderr
    assert done.stderr.startswith("NOT TRIED, the whole exhibit in an emulated machine: ")
    if os.geteuid() == 0 and os.uname().machine == "x86_64":
        assert "apt-get install debootstrap" in done.stderr
