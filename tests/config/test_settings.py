"""Settings come from the environment, and a site that is not under DEBUG refuses to start on what is unsafe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the real settings in a fresh process and print what matters here."""
    code = (
        "import config.settings as s; print(s.DEBUG, s.SAMPLE_ACCOUNTS_MAY_SIGN_IN, s.SESSION_COOKIE_SECURE, "
        "s.DATABASES['default']['ENGINE'].rsplit('.')[-1], s.CELERY_BROKER_URL)"
    )
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": f"django-insecure-{GOOD_KEY}"}, "SECRET_KEY"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "answers.example.org"}, "SITE_URL"),
        ({"SECRET_KEY": GOOD_KEY, "DEBUG": "perhaps"}, "DEBUG"),
        ({"SECRET_KEY": GOOD_KEY, "LOOKUP_ENABLED": "perhaps"}, "LOOKUP_ENABLED"),
        ({"SECRET_KEY": GOOD_KEY, "HSTS_SECONDS": "long", "SITE_URL": "https://a.example"}, "HSTS_SECONDS"),
    ],
)
def test_refuses_to_start_and_says_which(tmp_path: Path, environment: dict[str, str], named: str):
    done = start(tmp_path, **environment)
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {named}" in done.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SECRET_KEY": GOOD_KEY}, "False False False sqlite3 filesystem://"),
        ({"DEBUG": "1"}, "True True False sqlite3 filesystem://"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "localhost,answers.example.org"}, "True False False sqlite3 filesystem://"),
        (
            {
                "SECRET_KEY": GOOD_KEY,
                "SITE_URL": "https://answers.example.org",
                "ALLOWED_HOSTS": "answers.example.org",
                "DATABASE_URL": "postgres://nobody@127.0.0.1/none",
                "REDIS_URL": "redis://127.0.0.1:6379/1",
            },
            "False False True postgresql redis://127.0.0.1:6379/1",
        ),
    ],
)
def test_defaults_and_the_environment(tmp_path: Path, environment: dict[str, str], said: str):
    done = start(tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == said


def test_helpers_name_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOME_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="SOME_NUMBER is 'many': write a whole number"):
        env.number("SOME_NUMBER", 1)
    monkeypatch.setenv("SOME_WORDS", " a, ,b ")
    assert env.words("SOME_WORDS") == ["a", "b"]
