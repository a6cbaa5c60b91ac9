"""What stands between a draft and its submission: findings of the renderer and of small checks on the fields.

Each finding is a sentence for the author, with the field and the line it speaks of. Only those that block are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.audiences import AUDIENCES, GENERAL
from articles.flagged import GRAVE
from articles.markup.door import Finding, Rendering
from articles.models import Article
from references.models import Reference, Relation, Status

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
        if work.status != Status.CURRENT:
            yield Finding("flagged-work", _flag(work), None, "body", False)
    yield from _preprints(works)


def _flag(work: Reference) -> str:
    named = {"key": work.key, "status": work.get_status_display()}
    if work.status == Status.CONCERN:
        sentence = _("An expression of concern was published about the work @%(key)s.") % named
    else:
        sentence = _("The work @%(key)s is %(status)s.") % named
    if work.status in GRAVE:
        sentence += " " + _("A submission has to say why it is cited all the same.")
    return sentence


def _preprints(works: Sequence[Reference]) -> Iterator[Finding]:
    """Preprints of which the library knows what was published of them."""
    if not works:
        return
    said = Q(kind=Relation.Kind.PREPRINT_OF, reference__in=works)
    told = Q(kind=Relation.Kind.PUBLISHED_FROM, other__in=works)
    published: dict[int, str] = {}
    for row in Relation.objects.filter(said | told).select_related("reference", "other"):
        is_own = row.kind == Relation.Kind.PREPRINT_OF
        preprint, work = (row.reference_id, row.other) if is_own else (row.other_id, row.reference)
        published.setdefault(preprint or 0, f"@{work.key}" if work else row.doi)
    for work in works:
        if work.pk in published:
            yield Finding(
                "published-preprint",
                _("The work @%(key)s is a preprint that was published since: %(published)s.")
                % {"key": work.key, "published": published[work.pk]},
                None,
                "body",
                False,
            )
