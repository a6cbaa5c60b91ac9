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
        _("“%(drug)s” is named in the plain text alone: clinicians read nothing of it."),
    )
    yield from _missing(
        view.professional_only,
        in_plain,
        _("“%(drug)s” is named in the professional text alone: plain readers read nothing of it."),
    )
    known = Known(block.masked for block in view.plain)
    told = set()
    for block in view.professional_only:
        for sentence in block.sentences if block.kind != HEADING else ():
            text = block.masked[sentence.start : sentence.end]
            named = [name for name, _start, _end in drugs.find(text) if name in in_plain]
            for one in amounts(text) if named else ():
                is_claim = one.is_time or one.scaled is not None
                if is_claim and one.written not in told and not known.says(one, is_about=True):
                    told.add(one.written)
                    message = _("“%(amount)s” of %(drug)s stands in the professional text alone.")
                    filled = message % {"amount": " ".join(one.written.split()), "drug": named[0]}
                    yield block.warns("one-register", filled, (sentence.start + one.start, sentence.start + one.end))


def _named(blocks: tuple[Block, ...]) -> set[str]:
    return {name.removesuffix("s") for block in blocks for name, _start, _end in drugs.find(block.masked)} | {
        name for block in blocks for name, _start, _end in drugs.find(block.masked)
    }


def _missing(blocks: tuple[Block, ...], elsewhere: set[str], message: str) -> Iterator[Finding]:
    told = set()
    for block in blocks:
        for name, start, end in drugs.find(block.masked):
            if name not in elsewhere and name.removesuffix("s") not in elsewhere and name not in told:
                told.add(name)
                yield block.warns("one-register", message % {"drug": name}, (start, end))
