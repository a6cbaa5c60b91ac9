"""Where works are cited, by drafts and by editions, and which works nobody cites.

Asked of `articles.models.Citation`, whose keys are as texts have them: a work's own key or another that leads to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Citation, Standing
from references.models import Alias, Reference


@dataclass
class CitingArticle:
    """One article that cites a work, and where: in its draft, in its live edition, in which earlier editions."""

    pk: int
    question: str
    slug: str
    in_draft: bool = False
    live_edition: int | None = None
    earlier_editions: list[int] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.live_edition is not None


def keys_of(reference: Reference) -> list[str]:
    """Every key, folded, under which texts cite the work: its own first, then those that lead to it. One query."""
    others = Alias.objects.filter(reference=reference, scheme=Alias.Scheme.KEY).order_by("pk")
    return [reference.key_normal, *others.values_list("value", flat=True)]


def where_cited(reference: Reference) -> list[CitingArticle]:
    """The articles that cite the work, live ones first, then by question. Two queries, however many there are."""
    found: dict[int, CitingArticle] = {}
    rows = (
        Citation.objects.filter(key__in=keys_of(reference))
        .order_by("article__question", "article", "edition__number")
        .values_list(
            "article",
            "article__question",
            "article__slug",
            "article__publication__slug",
            "article__publication__standing",
            "article__publication__edition",
            "edition",
            "edition__number",
        )
        # A text may cite one work under two keys.
        .distinct()
    )
    for pk, question, slug, public_slug, standing, live, edition, number in rows:
        article = found.setdefault(pk, CitingArticle(pk, question, public_slug or slug))
        if edition is None:
            article.in_draft = True
        elif edition == live and standing in {Standing.LIVE, Standing.CAUTION}:
            article.live_edition = number
        else:
            article.earlier_editions.append(number)
    return sorted(found.values(), key=lambda article: not article.is_live)


def counts(references: Sequence[Reference]) -> dict[int, int]:
    """By how many articles each of these works is cited, in drafts or editions; works that none cites are left out.

    Two queries for all of them.
    """
    owners = {reference.key_normal: reference.pk for reference in references}
    aliases = Alias.objects.filter(reference__in=[reference.pk for reference in references], scheme=Alias.Scheme.KEY)
    owners |= dict(aliases.values_list("value", "reference"))
    pairs = Citation.objects.filter(key__in=owners).order_by().values_list("key", "article").distinct()
    return Counter(pk for pk, _article in {(owners[key], article) for key, article in pairs})


def cited_last(most: int) -> list[Reference]:
    """The works that drafts took up last, newest first. Two queries, and a third where a key is no work's own."""
    noted = Citation.objects.filter(edition=None).order_by("-pk").values_list("key", flat=True)[: 5 * most]
    wanted = list(dict.fromkeys(noted))[:most]
    rows = Reference.objects.filter(key_normal__in=wanted).defer("search_text").order_by()
    found = {row.key_normal: row for row in rows}
    if missing := set(wanted) - found.keys():
        aliases = Alias.objects.filter(scheme=Alias.Scheme.KEY, value__in=missing).select_related("reference")
        found |= {alias.value: alias.reference for alias in aliases}
    return list({found[key].pk: found[key] for key in wanted if key in found}.values())


def unused(references: QuerySet[Reference]) -> QuerySet[Reference]:
    """Those of the works that neither a draft nor an edition cites, under their own key or another."""
    return references.filter(~Exists(_by_own_key()), ~Exists(_by_another_key()))


def cited_by(references: QuerySet[Reference], articles: Iterable[int]) -> QuerySet[Reference]:
    """Those of the works that these articles cite, in drafts or editions."""
    pks = list(articles)
    return references.filter(
        Exists(_by_own_key().filter(article__in=pks))
        | Exists(_by_another_key(Citation.objects.filter(article__in=pks)))
    )


def _by_own_key() -> QuerySet[Citation]:
    return Citation.objects.filter(key=OuterRef("key_normal"))


def _by_another_key(citations: QuerySet[Citation] | None = None) -> QuerySet[Alias]:
    rows = Citation.objects.all() if citations is None else citations
    return Alias.objects.filter(
        Exists(rows.filter(key=OuterRef("value"))), reference=OuterRef("pk"), scheme=Alias.Scheme.KEY
    )
