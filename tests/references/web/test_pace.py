"""The pace of a host is shared by all processes of the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from references.web import pace
from references.web.errors import Busy

TAKER = """
import json, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(VAR_DIR=sys.argv[1], USE_I18N=False)
from references.web import pace
taken = []
Path(sys.argv[2]).touch()
while len(list(Path(sys.argv[2]).parent.glob("ready-*"))) < 2:
    time.sleep(0.005)
for _ in range(5):
    pace.turn("a host", 0.05, 5, "a host")
    taken.append(time.time())
print(json.dumps(taken))
"""


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands still but for sleeping."""
    moment = [1_000_000.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    monkeypatch.setattr(pace.time, "time", lambda: moment[0])
    monkeypatch.setattr(pace.time, "sleep", sleep)
    return moment


def test_two_processes_share_one_pace(tmp_path: Path):
    """Ten turns of two processes are never closer together than the interval, though each takes as fast as it can."""
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(tmp_path), str(tmp_path / f"ready-{number}")],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[3],
        )
        for number in range(2)
    ]
    taken = [json.loads(taker.communicate(timeout=60)[0]) for taker in takers]
    both = sorted(taken[0] + taken[1])
    assert len(both) == 10
    # Whoever wakes late from its sleep is late by itself: the whole takes no less than nine intervals.
    assert both[-1] - both[0] >= 9 * 0.05 - 0.04


def test_turns_stand_an_interval_apart(now: list[float]):
    waited = [pace.turn("a host", 0.5, 10, "a host") for _ in range(4)]
    assert waited == pytest.approx([0, 0.5, 0.5, 0.5])


def test_each_host_has_its_own_queue(now: list[float]):
    assert [pace.turn(f"host {number}", 60, 0, "a host") for number in range(600)] == [0] * 600


def test_busy_takes_no_turn(now: list[float]):
    pace.turn("a host", 5, 0, "A host")
    for _ in range(3):
        with pytest.raises(Busy, match=r"Many questions wait for A host just now: try again in 5 s\."):
            pace.turn("a host", 5, 3, "A host")
    now[0] += 5
    assert pace.turn("a host", 5, 0, "A host") == 0


def test_a_hold_is_bounded_and_never_shortens(now: list[float]):
    pace.hold("a host", 1_000_000)
    pace.hold("a host", 1)
    with pytest.raises(Busy, match="try again in 300 s"):
        pace.turn("a host", 1, 3, "A host")


def test_a_clock_put_back_blocks_nobody(now: list[float]):
    pace.turn("a host", 1, 0, "A host")
    now[0] -= 100_000
    assert pace.turn("a host", 1, 0, "A host") == 0


@pytest.mark.parametrize("content", ["{", "[]", '"x"', "\x00\xff"])
def test_half_a_file_is_begun_anew(now: list[float], tmp_path: Path, content: str):
    pace.turn("a host", 1, 0, "A host")
    [file] = (tmp_path / "pace").iterdir()
    file.write_text(content)
    assert pace.turn("a host", 1, 0, "A host") == 0


def test_passed_moments_are_not_kept(now: list[float], tmp_path: Path):
    pace.turn("a host", 1, 0, "A host")
    now[0] += 10
    pace.turn("a host", 1, 0, "A host")
    [file] = (tmp_path / "pace").iterdir()
    assert json.loads(file.read_text()) == {"a host": now[0] + 1}
