"""The checks of an article: what blocks its submission, what has to be justified to the board, and what is advice.

Each check is a file of its own here with one function `check(view)`, and stands in CHECKS; see docs/checks.md for what
each looks at and how to add one. `articles.checks.view` is what they read, `articles.checks.preparing` fetches it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import ngettext

from articles.checks import (
    bare_abbreviation,
    bare_term,
    dead_link,
    empty_fields,
    flagged_work,
    hard_text,
    missing_facts,
    near_duplicate,
    no_reference,
    no_unit,
    old_source,
    one_register,
    other_number,
    patient_details,
    preparing,
    published_preprint,
    skipped_heading,
    uncited_claim,
    unseen_text,
)
from articles.checks.finding import SEVERITIES, Finding, Report, of_renderer
from articles.checks.view import FIELDS, View
from articles.markup.door import Rendering
from articles.markup.glossary import Term
from articles.models import Article
from references.models import Reference

__all__ = ["CHECKS", "Finding", "Report", "findings_of", "report_of", "run"]

CHECKS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    empty_fields.check,
    no_reference.check,
    unseen_text.check,
    skipped_heading.check,
    patient_details.check,
    flagged_work.check,
    published_preprint.check,
    old_source.check,
    dead_link.check,
    uncited_claim.check,
    no_unit.check,
    other_number.check,
    one_register.check,
    bare_abbreviation.check,
    bare_term.check,
    hard_text.check,
    near_duplicate.check,
    missing_facts.check,
)
MOST = 15
"""Findings of one advice that are shown; the rest are counted. What blocks or asks is always shown whole."""
_PLACES = {field: number for number, field in enumerate(FIELDS)}


def report_of(
    article: Article,
    rendering: Rendering,
    works: Sequence[Reference],
    *,
    terms: Sequence[Term] = (),
    drafts_of: int | None = None,
) -> Report:
    """All that the checks say of an article, saved or not; see `articles.checks.preparing`."""
    return run(preparing.prepared(article, rendering, works, terms=terms, drafts_of=drafts_of))


def findings_of(article: Article, rendering: Rendering, works: Sequence[Reference]) -> tuple[Finding, ...]:
    """The findings alone: the gravest first, then by field and line."""
    return report_of(article, rendering, works).findings


def run(view: View) -> Report:
    """Run every check over a view. Pure."""
    rendered = map(of_renderer, view.rendering.findings) if view.rendering else ()
    found = [*rendered, *(finding for check in CHECKS for finding in check(view))]
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), _PLACES.get(one.field, 99), one.line or 0))
    claims, cited = uncited_claim.count(view)
    return Report(tuple(_at_most(found)), claims, cited, dead_link.unchecked(view))


def _at_most(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without the many of one kind; the last one that is kept says how many there are besides."""
    findings = list(found)
    totals = Counter(one.code for one in findings)
    seen: Counter[str] = Counter()
    for one in findings:
        seen[one.code] += 1
        if one.blocks or one.asks or seen[one.code] < MOST or totals[one.code] <= MOST:
            yield one
        elif seen[one.code] == MOST:
            more = totals[one.code] - MOST
            sentence = ngettext("One more like this is not listed.", "%(count)d more like this are not listed.", more)
            yield replace(one, message=f"{one.message} {sentence % {'count': more}}")
