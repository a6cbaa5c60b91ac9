"""Freezing: a working article becomes an edition. The slow part comes first (`prepare`), the lock after (`freeze`)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles import editions, glossary
from articles.checks import Finding, Report, report_of
from articles.drafting import Conflict
from articles.images import keeping
from articles.markup.citations import possible_keys
from articles.markup.door import RENDERER_VERSION, Rendering, render
from articles.markup.glossary import GLOSSARY, Term
from articles.models import Article, Citation, Contributor, Edition, Image
from people.models import User
from references import library
from references.formats.csl import to_csl
from references.identity import keys
from references.models import Reference


@dataclass(frozen=True)
class Prepared:
    """All of an edition that can be made before any lock is taken."""

    article_id: int
    article_version: int
    source: dict[str, Any]
    source_bytes: bytes
    source_digest: str
    rendering: Rendering
    works: tuple[Reference, ...]
    images: tuple[dict[str, Any], ...]
    """What the edition will say of each image that it shows."""
    glossary_version: int
    terms: tuple[Term, ...]
    """Those of the glossary that may occur in the texts; which of them are explained, the rendering says."""
    report: Report

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stand in the way of a submission."""
        return tuple(finding for finding in self.findings if finding.blocks)


def source_of(article: Article, images: Mapping[str, Image | keeping.Incoming] | None = None) -> dict[str, Any]:
    """What the author wrote, free of this database's numbers: the same in every installation.

    Of the images that the text names (those kept for it, unless `images` are given) their bytes' digests and credits;
    a text without images has no such key, as before there were any, and neither has one without a kind.
    """
    images = keeping.named_in(article) if images is None else images
    source: dict[str, Any] = {
        "question": article.question,
        "plain_question": article.plain_question,
        "bottom_line": {"heading": article.heading, "lead": article.lead},
        "plain_bottom_line": {"heading": article.plain_heading, "lead": article.plain_lead},
        "body": article.body,
        "topics": sorted(topic.name for topic in article.topics.all()) if article.pk else [],
        "keywords": list(article.keywords),
        "byline": [
            {"name": entry["name"], "credentials": entry.get("credentials", ""), "orcid": entry.get("orcid", "")}
            for entry in article.byline
        ],
        "searched_on": article.searched_on.isoformat() if article.searched_on else "",
        "language": article.language,
    }
    if images:
        source["images"] = keeping.in_source(images)
    if article.kind:
        source["kind"] = article.kind.slug
    return source


@dataclass(frozen=True)
class Rendered:
    """An article's texts laid out with library and glossary as they stand; `works` by their own keys."""

    rendering: Rendering
    works: dict[str, Reference]
    glossary_version: int
    terms: tuple[Term, ...]

    @property
    def cited(self) -> tuple[Reference, ...]:
        """The works that the texts cite, in the order of their numbers."""
        return tuple(self.works[key] for key in self.rendering.cited)


def render_article(article: Article, images: Mapping[str, Image] | None = None) -> Rendered:
    """Render the article's texts, with its own images unless others are given. TextRefused where one jams it."""
    texts = (article.lead, article.plain_lead, article.body)
    found = library.resolve(possible_keys("\n".join(texts)))
    known = {written: work.key for written, work in found.items()}
    version, terms = glossary.terms_in(article.plain_lead, article.body)
    rendering = render(
        body=article.body,
        lead=article.lead,
        plain_lead=article.plain_lead,
        known=known,
        terms=terms,
        images=keeping.pictures_of(keeping.named_in(article) if images is None else images),
    )
    return Rendered(rendering, {work.key: work for work in found.values()}, version, terms)


def prepare(article: Article) -> Prepared:
    """Render and check an article. Takes no lock; `freeze` sees whether the article moved on meanwhile."""
    images = keeping.named_in(article)
    rendered = render_article(article, images)
    source = source_of(article, images)
    source_bytes = editions.canonical(editions.SOURCE, 1, source)
    return Prepared(
        article_id=article.pk,
        article_version=article.version,
        source=source,
        source_bytes=source_bytes,
        source_digest=editions.digest(source_bytes),
        rendering=rendered.rendering,
        works=rendered.cited,
        images=tuple(keeping.frozen_of(rendered.rendering.images, images)),
        glossary_version=rendered.glossary_version,
        terms=rendered.terms,
        report=report_of(article, rendered.rendering, rendered.cited, terms=rendered.terms),
    )


def freeze(
    prepared: Prepared, article: Article, *, by: User, at: datetime.datetime, number: int, contributors_since: int
) -> Edition:
    """Insert edition `number` of the article, which the caller has just read under its lock, in its transaction.

    Contributors are those who saved a version after number `contributors_since` and all who ever stood in the byline.
    Raises Conflict where the article was saved since `prepare`, or one of its images deleted or replaced.
    """
    if (article.pk, article.version) != (prepared.article_id, prepared.article_version):
        raise Conflict(article)
    frozen = _frozen(prepared, article, number=number, by=by, at=at, since=contributors_since)
    data = editions.canonical(editions.FROZEN, editions.FROZEN_NOW, frozen)
    edition = Edition.objects.create(
        article=article,
        number=number,
        article_version=prepared.article_version,
        question=prepared.source["question"],
        source=prepared.source_bytes,
        frozen=data,
        source_digest=prepared.source_digest,
        digest=editions.digest(data),
        created_at=at,
        created_by=by,
    )
    if not keeping.freeze(edition, prepared.images):
        raise Conflict(article)
    Citation.objects.bulk_create(
        Citation(article=article, edition=edition, key=key)
        for key in dict.fromkeys(keys.normal(work.key) for work in prepared.works)
    )
    return edition


def _frozen(
    prepared: Prepared, article: Article, *, number: int, by: User, at: datetime.datetime, since: int
) -> dict[str, Any]:
    rendering = prepared.rendering
    return {
        "article": article.pk,
        "article_version": prepared.article_version,
        "number": number,
        "created_at": at.isoformat(),
        "created_by": {"user": by.pk, "name": by.printed_name},
        "source_digest": prepared.source_digest,
        "renderer": RENDERER_VERSION,
        "glossary": prepared.glossary_version,
        "sample": article.is_sample,
        "contributors": _contributors(article, since=since),
        "lead": rendering.lead,
        "plain_lead": rendering.plain_lead,
        "has_plain": rendering.has_plain,
        "texts": [
            {
                "html": text.html,
                "words": text.words,
                "plain": text.plain,
                "headings": [{"level": h.level, "id": h.id, "text": h.text} for h in text.headings],
                "citations": {str(number): count for number, count in text.citations.items()},
            }
            for text in rendering.texts
        ],
        "text_of": dict(rendering.text_of),
        "references": [
            {"number": number, "key": work.key, "kind": work.kind, "status": work.status, "csl": to_csl(work)}
            for number, work in enumerate(prepared.works, start=1)
        ],
        "images": list(prepared.images),
        "terms": _terms(prepared),
    }


def _terms(prepared: Prepared) -> list[dict[str, Any]]:
    """The terms that the edition explains, each with its words of this moment and where it is explained."""
    where: dict[int, list[str]] = {}
    for place, uses in prepared.rendering.terms.items():
        for use in uses:
            if use.how == GLOSSARY:
                where.setdefault(use.id, []).append(place)
    return [
        {"id": term.id, "version": term.version, "term": term.term, "plain": term.plain, "in": sorted(where[term.id])}
        for term in prepared.terms
        if term.id in where
    ]


def _contributors(article: Article, *, since: int) -> list[dict[str, Any]]:
    people: dict[int, dict[str, Any]] = {}
    for row in Contributor.objects.filter(article=article).select_related("user").order_by("user_id", "how"):
        if row.how == Contributor.How.BYLINE or row.version > since:
            person = people.setdefault(row.user_id, {"user": row.user_id, "name": row.user.printed_name, "how": []})
            person["how"].append(row.how)
    return list(people.values())
