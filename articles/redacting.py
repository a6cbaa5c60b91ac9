"""Taking a passage out of texts, whatever form they have: each place reads a marker that holds the passage's hash.

The hash is salted, since a name or a day of birth alone is soon guessed. The salt is told once to who redacts and kept
nowhere: with it and the passage anybody can show what stood there, and without it nobody can find out.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import slugify

from articles.editions import canonical, parse

SHORTEST = 3
"""Fewer letters stand in too many words to be taken out blindly."""
SHOWN = 16
"""How many hexadecimal digits of the hash a marker holds."""
LEFT_ALONE = frozenset(
    {"references", "contributors", "byline", "created_by", "created_at", "source_digest", "digest", "terms", "policy"}
)
"""Parts of canonical texts that hold works, people and digests, never a patient."""
_ESCAPED = {
    "&": "(?:&amp;|&)",
    "<": "(?:&lt;|<)",
    ">": "(?:&gt;|>)",
    '"': '(?:&quot;|&#34;|")',
    "'": "(?:&#x27;|&#39;|')",
}
_ADDRESS = re.compile(r'(\b(?:id|href)=")([^"]*)(")')
_TAG = re.compile(r"<[^>]*>")
_EMPHASIS = re.compile(r"[*_`]")


@dataclass
class Passages:
    """The passages to take out, and how often that was done. `salt` is hexadecimal."""

    words: tuple[str, ...]
    salt: str
    found: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        # The longest first, so that a name within a longer passage does not break it.
        self.words = tuple(sorted((" ".join(one.split()) for one in self.words), key=len, reverse=True))
        self._patterns = [(_pattern(one), self.marker(one), slugify(one), self._slug(one)) for one in self.words]

    def marker(self, passage: str) -> str:
        """What is read where the passage stood."""
        return f"‹redacted {self._hash(passage)}›"

    def _slug(self, passage: str) -> str:
        return f"redacted-{self._hash(passage)}"

    def _hash(self, passage: str) -> str:
        return hashlib.sha256(f"{self.salt}{passage}".encode()).hexdigest()[:SHOWN]

    def out_of(self, text: str) -> str:
        """The text without the passages, in whichever case, broken over lines or escaped for HTML they stand there."""
        for pattern, marker, slug, by in self._patterns:
            if slug:
                text = _ADDRESS.sub(lambda found: found[1] + _in_slug(found[2], slug, by) + found[3], text)  # noqa: B023
            text, count = pattern.subn(marker, text)
            self.found += count
        return text

    def out_of_all(self, value: Any, *, key: str = "") -> Any:
        """The same for each text within plain data, but those under the names in LEFT_ALONE."""
        if key in LEFT_ALONE:
            return value
        if isinstance(value, str):
            if key == "id":
                for _pattern, _marker, slug, by in self._patterns:
                    value = _in_slug(value, slug, by) if slug else value
                return value
            return self.out_of(value)
        if isinstance(value, dict):
            return {name: self.out_of_all(one, key=name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.out_of_all(one, key=key) for one in value]
        return value

    def out_of_canonical(self, name: str, data: bytes | memoryview) -> bytes:
        """The same for a canonical text, in the format that it has. The bytes themselves where nothing stands there."""
        head = bytes(data).partition(b"\n")[0].decode()
        payload = parse(name, data)
        left = self.out_of_all(payload)
        return bytes(data) if left == payload else canonical(name, int(head.rpartition(" ")[2]), left)

    def still_in(self, value: Any) -> str:
        """The passage that a reader of these data still sees, interrupted by markup perhaps; empty where none is."""
        for text in _texts(value):
            read = _EMPHASIS.sub("", " ".join(html.unescape(_TAG.sub("", text)).split()))
            for one in self.words:
                if _pattern(one).search(read):
                    return one
        return ""


ELSEWHERE: list[Callable[[int, Passages], None]] = []
"""What takes passages out of what other apps keep of an article, by its key. `readers` adds its own when it starts."""


def out_of_rows(rows: models.QuerySet[Any], names: Sequence[str], words: Passages) -> None:
    """Take the passages out of these fields of the rows, past whatever else happens when such a row is saved."""
    for row in rows:
        values = {name: words.out_of_all(getattr(row, name)) for name in names}
        if any(values[name] != getattr(row, name) for name in names):
            type(row)._default_manager.filter(pk=row.pk).update(**values)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in LEFT_ALONE:
                yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _pattern(passage: str) -> re.Pattern[str]:
    """A passage as a whole word or words: in any case, over line breaks, with its signs escaped or not."""
    words = (r"".join(_ESCAPED.get(sign, re.escape(sign)) for sign in word) for word in passage.split())
    before = r"(?<!\w)" if passage[:1].isalnum() else ""
    after = r"(?!\w)" if passage[-1:].isalnum() else ""
    return re.compile(before + r"(?:\s|&nbsp;)+".join(words) + after, re.IGNORECASE)


def _in_slug(text: str, slug: str, by: str) -> str:
    return re.sub(rf"(?<![a-z0-9]){re.escape(slug)}(?![a-z0-9])", by, text)
