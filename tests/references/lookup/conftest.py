"""The local server for these tests, with nobody waiting for a turn."""

from __future__ import annotations

import pytest

from references.web import client, pace


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns and backoffs take no time here: the client's own tests see to them."""
    monkeypatch.setattr(pace.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)
    monkeypatch.setattr(pace, "turn", lambda *args: 0.0)
