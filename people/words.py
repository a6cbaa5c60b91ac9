"""What people type, made plain: one list of the characters that nobody sees, and of those that turn the writing.

A text that looks empty is empty, and no name or reason reads otherwise than it is stored (CVE-2021-42574). The
zero-width joiner and non-joiner stay, as do the left-to-right and right-to-left marks: Persian, Indic scripts, Hebrew,
Arabic and emoji need them.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 except tab and line feed, DEL, C1
    "\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff"  # soft hyphen, fillers, zero-width, invisible operators
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"  # lone surrogates, non-characters, annotation
    "\U000e0000-\U000e007f"  # tags: a whole text that nobody sees can be written in them
)
TURNING = "\u202a-\u202e\u2066-\u2069"
"""Bidirectional overrides, embeddings and isolates."""

_LEFT_OUT = re.compile(f"[{UNSEEN}{TURNING}]")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category that show nothing: Hangul fillers and the empty Braille cell."""


def typed(text: str) -> str:
    """The text with `\\n` line ends, without unseen and turning characters; empty where nothing of it would be seen."""
    if text.isascii() and text.isprintable():
        return text if text.strip() else ""
    plain = _LEFT_OUT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if is_seen(plain) else ""


def is_seen(text: str) -> bool:
    """Whether there is anything in a text that somebody would see: a letter, a digit, a sign, a picture."""
    return any(one not in _BLANK and unicodedata.category(one)[0] not in "CZM" for one in text)
