"""When a page was shown, signed: a form that is sent sooner than anybody reads, or without the page, is shown again.

The pages that everyone gets are the same bytes and hold no such word. A question therefore goes in two steps, and the
page of the first one, which is made for one asker and kept by nobody, carries it to the second.
"""

from __future__ import annotations

import datetime

from django.core.signing import BadSignature, Signer
from django.utils import timezone

SOONEST = datetime.timedelta(seconds=3)
LATEST = datetime.timedelta(hours=12)
_SALT = "readers.moments"


def signed(at: datetime.datetime | None = None) -> str:
    """A word that says when the page was shown; `at` is for tests."""
    return Signer(salt=_SALT).sign(str(int((at or timezone.now()).timestamp())))


def age(word: str) -> datetime.timedelta | None:
    """How long ago the page was shown; None for a word that is not ours, or older than LATEST."""
    try:
        shown = int(Signer(salt=_SALT).unsign(word))
    except (BadSignature, ValueError):
        return None
    since = datetime.timedelta(seconds=timezone.now().timestamp() - shown)
    return since if since <= LATEST else None
