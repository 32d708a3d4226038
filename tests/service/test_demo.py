"""``connector demo`` as a newcomer starts it: in a process of its own."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAPPINGS = [path.read_text("utf-8") for path in (ROOT / "mappings").glob("*.yaml")]
FLOWS = {re.findall(r"^flow: (\S+)$", text, re.MULTILINE)[0] for text in MAPPINGS}
DIALS = "click-to-call"
RAN = re.compile(r"^\d\d:\d\d:\d\d  (\S+): read \d+ ", re.MULTILINE)

pytestmark = pytest.mark.timeout(60)  # it keeps the pace of real systems


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    """Start it; it is killed at the end, and its systems with it."""
    command = [sys.executable, "-m", "connector", "demo", *options]
    with subprocess.Popen(  # noqa: S603  our own module
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_one_cycle_runs_every_flow_and_a_click_is_placed() -> None:
    with started("--once") as demo:
        said, _ = demo.communicate()

    assert demo.returncode == 0
    assert {*RAN.findall(said)} == FLOWS - {DIALS}
    _, press, after = said.partition(" presses Call on the contact ")
    assert press
    assert "The record says Placed " in after


def test_the_demo_shows_a_click_and_ends_in_good_order_by_ctrl_c() -> None:
    with started() as demo:
        assert demo.stdout
        shown = next(line for line in demo.stdout if "The record says" in line)
        demo.send_signal(signal.SIGINT)
        rest, _ = demo.communicate()

    assert "The record says Placed " in shown
    assert "Stopped after the page in hand" in rest
    assert demo.returncode == 0
