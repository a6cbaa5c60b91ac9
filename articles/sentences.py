"""Whole sentences of a text, and its beginning where there is room for few words. Pure."""

from __future__ import annotations

import re

ROOM = 260
"""Characters of an excerpt, unless one sentence alone has more."""
SENTENCE_END = re.compile(r"(?<!\b[A-Za-z])(?<!\bvs)(?<!\bal)(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s+[A-Z]|\s*$)")
"""Not behind an initial or a usual abbreviation, and only where a new sentence or nothing follows."""


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each line by itself. Joined by white space they are the text."""
    found = []
    for line in text.split("\n"):
        start = 0
        for match in SENTENCE_END.finditer(line):
            found.append(line[start : match.end()].strip())
            start = match.end()
        found.append(line[start:].strip())
    return [one for one in found if one]


def first_sentences(text: str) -> str:
    """The first sentences, as many as fit into ROOM characters; the first one whole, however long.

    It ends where a sentence does: half a sentence about a dose can say the opposite of the whole.
    """
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    return text[: max([end for end in ends if end <= ROOM] or ends[:1] or [len(text)])]
