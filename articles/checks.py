"""What stands between a draft and its submission: findings of the renderer and of small checks on the fields.

Each finding is a sentence for the author, with the field and the line it speaks of. Only those that block are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from articles.audiences import AUDIENCES, GENERAL
from articles.markup.door import Finding, Rendering
from articles.models import Article
from references.models import Reference, Status

__all__ = ["Finding", "findings_of"]


def findings_of(article: Article, rendering: Rendering, works: Sequence[Reference]) -> tuple[Finding, ...]:
    """All findings on an article: those that block first, then by field and line."""
    found = [*rendering.findings, *_fields(article), *_texts(article, rendering), *_works(rendering, works)]
    return tuple(sorted(found, key=lambda finding: (not finding.blocks, finding.field, finding.line or 0)))


def _fields(article: Article) -> Iterator[Finding]:
    if not article.lead.strip():
        yield Finding(
            "empty-lead", _("The bottom line is empty: write the answer in a sentence or two."), None, "lead", True
        )
    if not article.body.strip():
        yield Finding("empty-body", _("The text is empty."), None, "body", True)
    if not article.byline:
        yield Finding("no-byline", _("Nobody stands in the byline."), None, "byline", False)
    if not article.searched_on:
        yield Finding(
            "no-search-date", _("The date to which the evidence was searched is missing."), None, "searched_on", False
        )


def _texts(article: Article, rendering: Rendering) -> Iterator[Finding]:
    if not article.body.strip() or not rendering.texts:
        return
    labels = {GENERAL: _("a reader who has not said who they are")}
    labels |= {audience.slug: audience.adapted for audience in AUDIENCES}
    for slug, index in rendering.text_of.items():
        if not rendering.texts[index].plain.strip():
            yield Finding(
                "empty-text",
                _("There would be no text at all for %(readers)s.") % {"readers": labels[slug]},
                None,
                "body",
                True,
            )


def _works(rendering: Rendering, works: Sequence[Reference]) -> Iterator[Finding]:
    if not rendering.cited and not any(finding.code == "unknown-citation" for finding in rendering.findings):
        yield Finding(
            "no-reference",
            _("The answer cites no work: an answer without a source cannot be reviewed."),
            None,
            "body",
            True,
        )
    for work in works:
        if work.status in {Status.RETRACTED, Status.SUPERSEDED}:
            yield Finding(
                "flagged-work",
                _("The work @%(key)s is %(status)s.") % {"key": work.key, "status": work.get_status_display()},
                None,
                "body",
                False,
            )
