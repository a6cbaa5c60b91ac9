"""What the database knows of an article that is to be checked, put into a view. No other part of the checks asks it.

At most six queries, whatever the text's length; no other host is ever asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from articles import alike
from articles.checks.dead_link import links, page
from articles.checks.view import FIELDS, Asked, View, view_of
from articles.markup.door import Rendering
from articles.markup.glossary import Term
from articles.models import Article, LinkCheck
from references.models import Check, Reference, Relation

_ANSWERS = (LinkCheck.Outcome.ANSWERED, LinkCheck.Outcome.GONE)


def prepared(
    article: Article,
    rendering: Rendering,
    works: Sequence[Reference],
    *,
    terms: Sequence[Term] = (),
    drafts_of: int | None = None,
) -> View:
    """The view of an article, saved or not, with its rendering, the works that it cites and the terms it may hold.

    Drafts on nearly the same question are told of where the person `drafts_of` owns them.
    """
    view = view_of(
        {name: getattr(article, name) for name in FIELDS},
        rendering=rendering,
        byline=article.byline,
        searched_on=article.searched_on,
        today=timezone.localdate(),
        works=works,
        published=_published(works),
        alike=alike.find(article, drafts_of=drafts_of),
        terms=terms,
    )
    return view.with_addresses(_addresses(works, {url for _block, url, _start, _end in links(view)}))


def _published(works: Sequence[Reference]) -> dict[str, str]:
    """By the key of a preprint, what the library knows was published of it: a key or a DOI."""
    if not works:
        return {}
    said = Q(kind=Relation.Kind.PREPRINT_OF, reference__in=works)
    told = Q(kind=Relation.Kind.PUBLISHED_FROM, other__in=works)
    keys = {work.pk: work.key for work in works}
    published: dict[str, str] = {}
    for row in Relation.objects.filter(said | told).select_related("reference", "other"):
        is_own = row.kind == Relation.Kind.PREPRINT_OF
        preprint, work = (row.reference_id, row.other) if is_own else (row.other_id, row.reference)
        if preprint in keys:
            published.setdefault(keys[preprint], f"@{work.key}" if work else row.doi)
    return published


def _addresses(works: Sequence[Reference], urls: Iterable[str]) -> dict[str, Asked]:
    """By address, what it last answered. One that could not be asked is not among them, whatever it said before."""
    wanted = set(urls)
    about = Q(reference__in=[work.pk for work in works if work.url])
    if wanted:
        about |= Q(reference__in=Reference.objects.filter(url__in=wanted).values("pk"))
    rows = Check.objects.filter(about, source=Check.Source.LINK).exclude(outcome__in=["", Check.Outcome.FAILED])
    found = {
        url: Asked(outcome == Check.Outcome.CLEAR, timezone.localdate(at))
        for url, outcome, at in rows.order_by().values_list("reference__url", "outcome", "answered_at")
    }
    if not wanted:
        return found
    links_of_texts = LinkCheck.objects.filter(address__in={page(url) for url in wanted}, outcome__in=_ANSWERS)
    for address, outcome, at in links_of_texts.order_by().values_list("address", "outcome", "checked_at"):
        asked = Asked(outcome == LinkCheck.Outcome.ANSWERED, timezone.localdate(at))
        found[address] = max(found.get(address, asked), asked, key=lambda one: one.on)
    return found
