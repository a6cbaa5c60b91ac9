"""Making an answer public: the publication's row, its search entry and its live pages, in the caller's transaction.

Called by the workflow with a standing and a review statement; it decides neither.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import replace
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import composing, editions, flagged, notices, related, search, site
from articles.composing import Overlay, Page
from articles.markup.plain import plain_text
from articles.models import Article, Edition, FormerSlug, LivePage, Notice, Publication, Site, Standing, Topic
from people.work import hurry

log = logging.getLogger(__name__)


def make_public(publication: Publication, statement: dict[str, Any], *, at: datetime.datetime) -> None:
    """Save the publication with its statement and write everything that the public reads of it.

    Raises editions.Altered where an edition's bytes are not what was signed: nothing is published then.
    """
    frozen = editions.read(publication.edition)
    source = frozen.source
    publication.statement = statement
    publication.question = source["question"]
    publication.plain_question = source["plain_question"]
    publication.summary = plain_text(frozen.frozen["lead"])
    publication.plain_summary = plain_text(frozen.frozen["plain_lead"])
    publication.is_sample = frozen.frozen["sample"]
    publication.is_retracted = notices.is_retracted(publication.edition)
    publication.is_overdue = bool(publication.review_due_on and publication.review_due_on < at.date())
    texts = site.current()
    publication.composer = composing.composer(texts)
    publication.pages_due = False
    publication.related_due = True
    is_new = publication.pk is None
    publication.save()
    names = source["topics"]
    topics = list(Topic.objects.filter(name__in=names).order_by("name")) if names else []
    if topics or (not is_new and publication.topics.exists()):
        publication.topics.set(topics)
    signers = _signers(statement)
    if signers or not is_new:
        publication.reviewed_by.set(signers)
    search.follow(publication, frozen)
    _write_pages(publication, frozen, topics, texts, at=at)
    is_offered = publication.standing in {Standing.LIVE, Standing.CAUTION} and not publication.is_retracted
    if not is_offered and publication.named_by.exists():
        # Others put it before their readers: that ends now, and not with the next sweep.
        hurry(follow_changes)


def _signers(statement: dict[str, Any]) -> set[int]:
    """The people, by their number, who approved an edition that the public may read."""
    earlier = [entry["statement"] for entry in statement["editions"] if entry["readable"]]
    return {one["member"] for part in (statement, *earlier) for one in part.get("reviewers", ())}


def write_pages(publication: Publication, frozen: editions.Frozen, *, at: datetime.datetime) -> None:
    """Replace all live pages of the answer: its live address and those of every edition that was ever public."""
    texts = site.current()
    publication.composer = composing.composer(texts)
    publication.pages_due = False
    publication.save(update_fields=["composer", "pages_due"])
    _write_pages(publication, frozen, list(publication.topics.all()), texts, at=at)


def _write_pages(
    publication: Publication, frozen: editions.Frozen, topics: list[Topic], texts: Site, *, at: datetime.datetime
) -> None:
    statement = publication.statement
    overlay = overlay_of(publication, frozen, topics, texts, at=at)
    overlay = replace(overlay, related=related.of_page(publication))
    made: list[tuple[str, Edition, Page]] = [
        (publication.slug, publication.edition, page) for page in composing.live_pages(frozen, overlay)
    ]
    others = [entry["edition"] for entry in statement["editions"] if entry["edition"] != publication.edition_id]
    rows = Edition.objects.in_bulk(others) if others else {}
    for entry in statement["editions"]:
        edition, old, beside = publication.edition, frozen, overlay
        if entry["edition"] in rows:
            edition = rows[entry["edition"]]
            old = editions.read(edition)
            beside = beside_edition(overlay, entry, old)
        if not entry["readable"]:
            beside = replace(beside, standing=Standing.LEFT.value)
        made += [
            (edition_path(publication.slug, edition.number), edition, page)
            for page in composing.edition_pages(old, beside)
        ]
    LivePage.objects.filter(article=publication.article_id).delete()
    LivePage.objects.bulk_create(
        LivePage(
            path=path,
            audience=page.audience,
            article_id=publication.article_id,
            edition=edition,
            http_status=page.http_status,
            noindex=page.noindex,
            body=page.body,
            etag=page.etag,
            composed_at=at,
        )
        for path, edition, page in made
    )


def beside_edition(overlay: Overlay, entry: dict[str, Any], old: editions.Frozen) -> Overlay:
    """The overlay of an earlier edition; `entry` is what the statement says of it."""
    return replace(overlay, statement=overlay.statement | entry["statement"], work_status=flagged.statuses(old))


def edition_path(slug: str, number: int) -> str:
    """What follows /answers/ in the permanent address of an edition."""
    return f"{slug}/editions/{number}"


def overlay_of(
    publication: Publication, frozen: editions.Frozen, topics: list[Topic], texts: Site, *, at: datetime.datetime
) -> Overlay:
    """The overlay of the public edition. Two queries: for its notices, and for the works that it cites."""
    return Overlay(
        slug=publication.slug,
        standing=publication.standing,
        statement=publication.statement,
        site=texts,
        notices=notices.of_page(
            Notice.objects.filter(article=publication.article_id).select_related("edition", "corrects")
        ),
        work_status=flagged.statuses(frozen),
        topics=tuple((topic.slug, topic.name) for topic in topics),
        withdrawn_on=publication.withdrawn_at.date() if publication.withdrawn_at else None,
        explanation=publication.explanation,
        today=at.date(),
    )


def compose_due(*, limit: int = 100) -> int:
    """Compose anew the pages that are due: marked so, past their review date, or made by an older composer.

    Each answer in a transaction of its own, under its article's lock; those marked come first, since a flag or another
    text waits there. One whose bytes are not what was signed keeps its old pages and is logged. Two workers at once
    make no page twice. Returns how many answers were done.
    """
    now = timezone.now()
    Publication.objects.filter(review_due_on__lt=now.date(), is_overdue=False).update(is_overdue=True, pages_due=True)
    composer = composing.composer(site.current())
    # Ranges, so that an index answers where nothing is due.
    stale = Q(composer__lt=composer) | Q(composer__gt=composer)
    due = list(Publication.objects.filter(pages_due=True).order_by("pk").values_list("pk", flat=True)[:limit])
    if len(due) < limit:
        older = Publication.objects.filter(stale, pages_due=False).order_by("pk")
        due += older.values_list("pk", flat=True)[: limit - len(due)]
    return sum(_compose_if_due(pk, composer, at=now) for pk in due)


@shared_task
def follow_changes() -> None:
    """Relate answers anew where one changed, and compose the pages that are due, before the next sweep."""
    related.relate_due()
    compose_due()


def _compose_if_due(pk: int, composer: str, *, at: datetime.datetime) -> bool:
    """Compose one answer's pages, if nobody did meanwhile."""
    with transaction.atomic():
        article_id = Publication.objects.values_list("article", flat=True).get(pk=pk)
        Article.objects.select_for_update().get(pk=article_id)
        publication = Publication.objects.select_related("edition").get(pk=pk)
        if not publication.pages_due and publication.composer == composer:
            return False
        try:
            with transaction.atomic():
                write_pages(publication, editions.read(publication.edition), at=at)
        except editions.Altered:
            log.exception("The pages of article %s were not composed.", article_id)
            return False
    return True


def change_slug(article: Article, slug: str) -> None:
    """Give the answer another address, inside the save of the article: the old one redirects for ever.

    `slug` must be free (`slugs.free`). Where the answer is public its pages are composed for the new address at once.
    """
    publication = Publication.objects.select_related("edition").filter(article=article).first()
    if publication and publication.slug != slug:
        FormerSlug.objects.filter(slug=slug, article=article).delete()
        FormerSlug.objects.get_or_create(slug=publication.slug, defaults={"article": article})
        publication.slug = slug
        publication.related_due = True
        publication.save(update_fields=["slug", "related_due"])
        write_pages(publication, editions.read(publication.edition), at=timezone.now())
