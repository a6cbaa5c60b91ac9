"""Drugs, and their doses and durations, of which only one register reads."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.reading import drugs
from articles.checks.reading.numbers import Known, amounts
from articles.checks.view import HEADING, Block, View


def check(view: View) -> Iterator[Finding]:
    if not view.plain_only:
        return
    in_plain, in_professional = _named(view.plain), _named(view.professional)
    yield from _missing(
        view.plain_only,
        in_professional,
        _("Named in the plain text alone, so that clinicians read nothing of it: %(drugs)s."),
    )
    yield from _missing(
        view.professional_only,
        in_plain,
        _("Named in the professional text alone, so that plain readers read nothing of it: %(drugs)s."),
    )
    known = Known(block.masked for block in view.plain)
    for block in view.professional_only:
        if block.kind != HEADING:
            yield from _amounts(block, in_plain, known)


def _named(blocks: tuple[Block, ...]) -> set[str]:
    """The drugs of these blocks, a plural as well as its singular."""
    found = {name for block in blocks for name, _start, _end in drugs.find(block.masked)}
    return found | {name.removesuffix("s") for name in found}


def _missing(blocks: tuple[Block, ...], elsewhere: set[str], message: str) -> Iterator[Finding]:
    """The drugs of each block that stand nowhere in the other register, each told of once."""
    told: set[str] = set()
    for block in blocks:
        new: dict[str, tuple[int, int]] = {}
        for name, start, end in drugs.find(block.masked):
            if name not in elsewhere and name.removesuffix("s") not in elsewhere and name not in told:
                told.add(name)
                new[name] = (start, end)
        if new:
            yield block.warns("one-register", message % {"drugs": ", ".join(new)}, next(iter(new.values())))


def _amounts(block: Block, in_plain: set[str], known: Known) -> Iterator[Finding]:
    """The doses and durations of drugs that plain readers read of, where they don't read the amount."""
    new: dict[str, tuple[int, int]] = {}
    for sentence in block.sentences:
        text = block.masked[sentence.start : sentence.end]
        if not any(name in in_plain for name, _start, _end in drugs.find(text)):
            continue
        for one in amounts(text):
            if (one.is_time or one.scaled is not None) and not known.says(one, is_about=True):
                written = " ".join(one.written.split())
                new.setdefault(written, (sentence.start + one.start, sentence.start + one.end))
    if new:
        message = _("A dose or duration that stands in the professional text alone: %(amounts)s.")
        yield block.warns("one-register", message % {"amounts": ", ".join(new)}, next(iter(new.values())))
