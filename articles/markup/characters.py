"""The characters of a text before anything reads it: one normal form, and none that are unseen or turn the writing."""

from __future__ import annotations

import re
import unicodedata

from articles.markup.result import Finding
from people import words

UNSEEN = re.compile(f"[{words.UNSEEN}]")
SEPARATORS = re.compile("[\u2028\u2029\x0b\x0c\x85]")
TURNING = re.compile(f"[{words.TURNING}]")
"""Bidirectional overrides and isolates: they can make a dose read otherwise than it is stored (CVE-2021-42574)."""


def normal(text: str) -> str:
    """Return the text in NFC with `\\n` line ends and without unseen characters: the form in which it is stored."""
    text = SEPARATORS.sub(" ", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return UNSEEN.sub("", text) if UNSEEN.search(text) else text


def clean(text: str, field: str) -> tuple[str, list[Finding]]:
    """Return the text in NFC with `\\n` line ends and without unseen characters, and what the author is told.

    Characters that turn the direction of writing are removed too, and forbid submission.
    """
    text = normal(text)
    findings: list[Finding] = []
    for match in TURNING.finditer(text):
        findings.append(
            Finding(
                "turning-character",
                f"The character U+{ord(match[0]):04X} turns the direction of writing and could make a text read "
                "otherwise than it is stored; please delete it.",
                text.count("\n", 0, match.start()) + 1,
                field,
                blocks=True,
            )
        )
        break
    if TURNING.search(text):
        text = TURNING.sub("", text)
    return text, findings
