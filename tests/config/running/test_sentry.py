"""What a Sentry is told of an error: where it happened, and nothing of whom it happened to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.running import sentry
from tests.config.test_settings import GOOD_KEY, ROOT

CODE = """
import json, logging, django, sentry_sdk
from sentry_sdk.transport import Transport

class Kept(Transport):
    def capture_envelope(self, envelope):
        for item in envelope.items:
            if item.type == "event":
                print(json.dumps(item.payload.json))

django.setup()
sentry_sdk.get_client().transport = Kept(sentry_sdk.get_client().options)
from django.test import Client
from django.conf import settings
from readers import limits

def fails(*args, **kwargs):
    secret_value = "my-secret-diagnosis"
    raise RuntimeError("it went wrong for reader@example.org")

limits.may_send = fails
client = Client(raise_request_exception=False)
client.post(
    "/ask/?from=my-secret-diagnosis", {"question": "What of my-secret-diagnosis?", "email": "reader@example.org"},
    HTTP_ORIGIN=settings.SITE_URL, REMOTE_ADDR="203.0.113.7", HTTP_COOKIE="sessionid=my-secret-session",
    HTTP_X_REQUEST_ID="the-one-of-the-proxy", HTTP_AUTHORIZATION="Bearer my-secret-token",
)
logging.getLogger("any").error("Mail to %s failed", "reader@example.org")
"""


def start(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "SECRET_KEY": GOOD_KEY,
            "SENTRY_DSN": "http://key@127.0.0.1:9/1",
        }
        | environment,
        capture_output=True,
        text=True,
    )


def test_an_error_is_told_without_anything_personal(tmp_path: Path):
    done = start(tmp_path, CODE)
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(events) == 2, done.stderr
    error, logged = events
    [raised] = error["exception"]["values"]
    assert (raised["type"], raised["value"]) == ("RuntimeError", "it went wrong for [address]")
    assert raised["stacktrace"]["frames"][-1]["function"] == "fails"
    assert error["transaction"] == "/ask/"
    assert error["tags"]["request_id"] == "the-one-of-the-proxy"
    assert "request" not in error
    assert logged["logentry"] == {"message": "Mail to %s failed"}
    # The code around a line is sent, as it stands in the repository; here it is of a string, and there is none.
    for word in ("my-secret", "reader@", "203.0.113.7", "sessionid", str(tmp_path)):
        assert word not in json.dumps(events)


def test_without_the_package_the_site_says_what_to_install(tmp_path: Path):
    done = start(
        tmp_path,
        "import sys; sys.modules['sentry_sdk'] = None; import config.settings",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    assert "ImproperlyConfigured: SENTRY_DSN is set, but sentry-sdk is not installed" in done.stderr
    assert "requirements-sentry.txt" in done.stderr


def test_without_a_dsn_the_package_is_not_loaded(tmp_path: Path):
    done = start(tmp_path, "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)", SENTRY_DSN="")
    assert done.stdout.strip() == "False", done.stderr


def test_a_bad_dsn_is_said(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN"):
        sentry.start("not an address", "test")
