"""Atom feeds (RFC 4287): all answers, those of a topic, and notices. Only approved and live answers have an entry of
their own; notices are told of every answer whose text can be read."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles import site
from articles.models import Notice, Publication, Site, Standing
from articles.models.public import PublicationQuerySet
from articles.notices import in_a_line
from readers.frame import Reader, public_page
from readers.listing import question_of, summary_of, topic_of, with_change

FEED_LENGTH = 50
BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class Feed(Atom1Feed):
    """Atom whose date is that of its newest entry, or of the site's texts while there is none: never of the request."""

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else self.feed["since"]


@public_page
def feed(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The answers that changed last, in the reader's register."""
    texts = site.current()
    made = _empty(texts, reader, title=texts.name, path=reverse("readers:feed"), page=reverse("readers:home"))
    return _with_answers(made, Publication.objects.told(), texts, reader)


@public_page
def topic_feed(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """The same of one topic and all under it; 404 for a topic under which there never was a public answer."""
    topic, _whole, placed = topic_of(slug)
    texts = site.current()
    made = _empty(
        texts,
        reader,
        title=_("%(topic)s – %(site)s") % {"topic": topic.name, "site": texts.name},
        path=reverse("readers:topic_feed", args=[slug]),
        page=reverse("readers:topic", args=[slug]),
    )
    return _with_answers(made, Publication.objects.told().filter(pk__in=placed), texts, reader)


@public_page
def notices_feed(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Corrections, retractions, expressions of concern and withdrawals of every answer, the newest first."""
    texts = site.current()
    readable = Publication.objects.readable()
    made = _empty(
        texts,
        reader,
        title=_("Notices – %(site)s") % {"site": texts.name},
        path=reverse("readers:notices_feed"),
        page=reverse("readers:home"),
    )
    told: list[tuple[datetime.datetime, Publication, str, str, str]] = [
        (row.at, row.article.publication, row.get_kind_display(), in_a_line(row), f"notices/{row.pk}")
        for row in Notice.objects.filter(article__publication__in=readable)
        .select_related("article__publication")
        .order_by("-at", "-pk")[:FEED_LENGTH]
    ]
    told += [
        (
            row.withdrawn_at,
            row,
            _("Withdrawn"),
            row.explanation,
            f"withdrawals/{row.pk}/{row.withdrawn_at:%Y%m%d%H%M%S}",
        )
        for row in readable.filter(standing=Standing.WITHDRAWN).order_by("-withdrawn_at", "-pk")[:FEED_LENGTH]
        if row.withdrawn_at
    ]
    for at, row, kind, words, name in sorted(told, key=lambda one: one[0], reverse=True)[:FEED_LENGTH]:
        made.add_item(
            title=_("%(kind)s: %(question)s") % {"kind": kind, "question": question_of(row, reader)},
            link=settings.SITE_URL + reverse("readers:answer", args=[row.slug]) + reader.carry,
            description="\n\n".join([words, _disclaimer(texts, reader), texts.emergency]),
            unique_id=_tag(at, name),
            pubdate=at,
            updateddate=at,
        )
    return _handed(made)


def _empty(texts: Site, reader: Reader, *, title: str, path: str, page: str) -> Feed:
    return Feed(
        title=title,
        link=settings.SITE_URL + page + reader.carry,
        feed_url=settings.SITE_URL + path + reader.carry,
        description=texts.tagline,
        language=settings.LANGUAGE_CODE,
        author_name=texts.name,
        feed_copyright=texts.licence,
        feed_guid=settings.SITE_URL + path + reader.carry,
        # Texts that nobody saved yet have no day of their own.
        since=BEGINNING if texts._state.adding else texts.updated_at,
    )


def _with_answers(made: Feed, told: PublicationQuerySet, texts: Site, reader: Reader) -> HttpResponse:
    rows = list(with_change(told).order_by("-changed_at", "-pk")[:FEED_LENGTH])
    notices: dict[int, list[str]] = {}
    for notice in Notice.objects.filter(article__in=[row.article_id for row in rows]):
        notices.setdefault(notice.article_id, []).append(in_a_line(notice))
    for row in rows:
        made.add_item(
            title=_title(row, reader),
            link=settings.SITE_URL + reverse("readers:answer", args=[row.slug]) + reader.carry,
            description=_entry(row, notices.get(row.article_id, []), texts, reader),
            # A name for ever, whatever address the answer has later.
            unique_id=_tag(row.first_published_at, f"answers/{row.article_id}"),
            pubdate=row.first_published_at,
            updateddate=row.changed_at,
        )
    return _handed(made)


def _handed(made: Feed) -> HttpResponse:
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _title(row: Publication, reader: Reader) -> str:
    """The question, marked where it is a sample or retracted: readers of feeds may see nothing else."""
    title = question_of(row, reader)
    if row.is_sample:
        title = _("Sample: %(question)s") % {"question": title}
    return _("Retracted: %(question)s") % {"question": title} if row.is_retracted else title


def _entry(row: Publication, notices: list[str], texts: Site, reader: Reader) -> str:
    """Notices first, as on the page; then the bottom line, unless it was retracted; then what no reader may miss."""
    sample = [_("Written to show this system; not medical advice.")] if row.is_sample else []
    summary = [] if row.is_retracted else [summary_of(row, reader)]
    return "\n\n".join([*notices, *sample, *summary, _disclaimer(texts, reader), texts.emergency])


def _disclaimer(texts: Site, reader: Reader) -> str:
    return texts.disclaimer_plain if reader.is_plain else texts.disclaimer


def _tag(day: datetime.datetime, what: str) -> str:
    """A name that is given once (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day:%Y-%m-%d}:{what}"
