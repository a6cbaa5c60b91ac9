"""The canonical form of an edition: how it is written, hashed, read and checked.

A canonical text is one line that names the format and its number, then JSON with sorted keys, no spaces, UTF-8, strings
in NFC and no floats. The bytes are stored as they were hashed (SHA-256), so reading never has to make them again.

Two such texts make an edition. `source` holds what the author wrote (images by the digests of their bytes); its digest
decides sameness and round trips. `frozen` holds the source's digest, the HTML, the snapshots of the works, the images
that it shows, the people and the versions of renderer and glossary; its digest is what the board signs.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from articles.models import Edition, Redaction

SOURCE = "imprimatur-source"
FROZEN = "imprimatur-edition"
VERDICT = "imprimatur-verdict"
RENEWAL = "imprimatur-renewal"
FORMATS = {(SOURCE, 1), (FROZEN, 1), (FROZEN, 2), (VERDICT, 1), (VERDICT, 2), (RENEWAL, 1), (RENEWAL, 2)}
"""Every format that was ever written: all of them can be read."""
FROZEN_NOW = 2
"""What is written today. Since format 2 an edition holds the images it shows and the terms that it explains."""


StandingFor = Callable[[str, str], "Redaction | None"]
"""By the digest that the record names and that of the bytes as they are: the redaction that explains the difference."""


class Altered(Exception):
    """Stored bytes no longer are what was hashed, or a column no longer says what they say."""


def canonical(name: str, number: int, payload: dict[str, Any]) -> bytes:
    """The canonical bytes of `payload` in the named format. TypeError for a float or anything JSON cannot hold."""
    text = json.dumps(_normal(payload), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{name} {number}\n{text}".encode()


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_normal(key): _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"The canonical form holds no {type(value).__name__}.")


def digest(data: bytes | memoryview) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parse(name: str, data: bytes | memoryview) -> dict[str, Any]:
    """The payload of canonical bytes; Altered where the head is none that was ever written."""
    head, _, text = bytes(data).partition(b"\n")
    word, _, number = head.decode("utf-8", "replace").partition(" ")
    if word != name or not number.isascii() or not number.isdigit() or (word, int(number)) not in FORMATS:
        raise Altered(f"The bytes do not begin with a known format of {name}.")
    try:
        payload = json.loads(text)
    except ValueError:
        raise Altered(f"The bytes after the head of {name} are not JSON.") from None
    if not isinstance(payload, dict):
        raise Altered(f"The bytes after the head of {name} are not an object.")
    return payload


@dataclass(frozen=True)
class Frozen:
    """An edition as read from its verified bytes."""

    source: dict[str, Any]
    frozen: dict[str, Any]
    digest: str
    """As it was signed, also where words were redacted since."""
    redacted_at: datetime.datetime | None = None
    """When words were last removed from it; None where it stands as it was frozen."""

    def text_for(self, audience: str) -> dict[str, Any]:
        """The text that this audience gets: {"html", "headings", "citations", "words", "plain"}."""
        of = self.frozen["text_of"]
        return self.frozen["texts"][of.get(audience, of["general"])]

    @property
    def contributor_ids(self) -> frozenset[int]:
        """Accounts of those who wrote on it or stand or stood in its byline."""
        return frozenset(person["user"] for person in self.frozen["contributors"])


def read(edition: Edition) -> Frozen:
    """Read an edition from its bytes. Altered where bytes and digests or columns differ, unless by a redaction."""
    found = _checked(edition, Redaction.objects.standing_for)
    if isinstance(found, str):
        raise Altered(f"Edition {edition.number} of article {edition.article_id}: {found}")
    return found


def first_difference(edition: Edition, *, standing_for: StandingFor | None = None) -> str | None:
    """The first way in which the row is not what was frozen, as a sentence; None where all agree.

    `standing_for` knows the redactions; without it the database is asked.
    """
    found = _checked(edition, standing_for or Redaction.objects.standing_for)
    return found if isinstance(found, str) else None


def _checked(edition: Edition, standing_for: StandingFor) -> Frozen | str:
    """The edition as read from its bytes, or the first difference."""
    redacted = []
    for name, data, signed in (
        ("source", edition.source, edition.source_digest),
        ("frozen text", edition.frozen, edition.digest),
    ):
        found = digest(data)
        if found != signed:
            redaction = standing_for(signed, found)
            if redaction is None:
                return f"The {name} is not what its digest was made of."
            redacted.append(redaction.at)
    source, frozen = parse(SOURCE, edition.source), parse(FROZEN, edition.frozen)
    expected = {
        "source_digest": (frozen["source_digest"], edition.source_digest),
        "article": (frozen["article"], edition.article_id),
        "number": (frozen["number"], edition.number),
        "article_version": (frozen["article_version"], edition.article_version),
        "created_at": (frozen["created_at"], edition.created_at.isoformat()),
        "created_by": (frozen["created_by"]["user"], edition.created_by_id),
        "question": (source["question"], edition.question),
    }
    for column, (signed, stored) in expected.items():
        if signed != stored:
            return f"The column {column} is not what was frozen."
    return Frozen(
        source=source,
        frozen={"images": [], "terms": []} | frozen,
        digest=edition.digest,
        redacted_at=max(redacted, default=None),
    )
