"""Paragraphs that claim something and cite nothing, and how many of all claims are cited.

Only the body counts, and there what plain readers alone get does not: it says again what the cited text says, as the
bottom line does. A citation covers the claims before it in its paragraph; one in the sentence that leads to a list or
table, or in the item above, covers what stands below.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.checks.finding import Finding
from articles.checks.reading.claims import is_claim, is_numeric
from articles.checks.view import TABLE, Block, Sentence, View

_NAMED = 3
"""Sentences that a finding names."""


def check(view: View) -> Iterator[Finding]:
    for block in _read(view):
        made = _claims(block)
        if not made or block.cites or _is_covered(block):
            continue
        first = made[0]
        if block.kind == TABLE:
            yield block.warns(
                "uncited-claim", _("This table gives figures and cites no work."), (first.start, first.end)
            )
            continue
        named = " ".join(f"“{_short(one.text)}”" for one in made[:_NAMED])
        message = ngettext(
            "This paragraph makes a claim and cites no work: %(sentences)s",
            "This paragraph makes %(count)d claims and cites no work: %(sentences)s",
            len(made),
        ) % {"count": len(made), "sentences": named}
        yield block.warns("uncited-claim", message, (first.start, first.end))


def count(view: View) -> tuple[int, int]:
    """How many claims the text makes, and how many of them are cited."""
    claims = cited = 0
    for block in _read(view):
        made = _claims(block)
        claims += len(made)
        if made and _is_covered(block):
            cited += len(made)
        elif made and block.cites:
            last = max(block.marks.citations)
            cited += len(made) if block.kind == TABLE else sum(one.start <= last for one in made)
    return claims, cited


def _read(view: View) -> Iterator[Block]:
    plain_only = set(map(id, view.plain_only))
    return (block for block in view.prose if block.field == "body" and id(block) not in plain_only)


def _claims(block: Block) -> list[Sentence]:
    if block.kind == TABLE:
        return [one for one in block.sentences if is_numeric(one.text)]
    return [one for one in block.sentences if is_claim(one.text)]


def _is_covered(block: Block) -> bool:
    above = block.under
    while above is not None:
        if above.cites:
            return True
        above = above.under
    return False


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:88].rsplit(" ", 1)[0] + " …"
