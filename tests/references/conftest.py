"""Fixtures of the tests that ask a local server instead of the world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.local_apis import LocalApis


@pytest.fixture
def apis(settings: Any, tmp_path: Path) -> Iterator[LocalApis]:
    """The local server, empty and well, with the site's settings leading to it, a fresh pace and an empty cache."""
    with LocalApis() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        settings.VAR_DIR = tmp_path
        cache.clear()
        yield server
        cache.clear()
