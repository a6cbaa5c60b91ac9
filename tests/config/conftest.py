"""What tests of real processes of the site share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.config.test_settings import GOOD_KEY


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """All that a process of the site is told: a folder of its own, and nothing of the suite's settings."""
    return {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": GOOD_KEY,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOOKUP_ENABLED": "0",
    }
