"""What machines read: the sitemap, robots.txt, the Atom feed and the icon's usual address.

Only approved and live answers are named here; those with caution are kept out of all of it.
"""

from __future__ import annotations

import datetime
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles import site
from articles.models import Notice, Publication, Site
from articles.notices import in_a_line
from readers.caching import PRIVATE
from readers.frame import Reader, public_file, public_page
from readers.listing import question_of, summary_of, topics_in_use, with_change

PER_SECTION = 5_000
"""Answers in one sitemap; the protocol allows 50,000 addresses (sitemaps.org)."""
FEED_LENGTH = 50
CLOSED = (*PRIVATE, "/search/")
PAGES = ("home", "answers", "topics", "board", "policy", "about", "ask")


@public_file
def sitemap(request: HttpRequest) -> HttpResponse:
    """All pages and answers, or from PER_SECTION answers on an index of sections."""
    sections = ceil(Publication.objects.indexable().count() / PER_SECTION)
    if sections <= 1:
        return _xml("readers/sitemap.xml", entries=[*_page_entries(), *_answer_entries(1)])
    addresses = [
        settings.SITE_URL + reverse("readers:sitemap_section", args=[number]) for number in range(sections + 1)
    ]
    return _xml("readers/sitemap_index.xml", addresses=addresses)


@public_file
def sitemap_section(request: HttpRequest, number: int) -> HttpResponse:
    """Section 0 holds the pages, the others the answers in the order of their making."""
    if number > ceil(Publication.objects.indexable().count() / PER_SECTION):
        raise Http404
    return _xml("readers/sitemap.xml", entries=_answer_entries(number) if number else _page_entries())


def _page_entries() -> list[dict[str, Any]]:
    paths = [reverse(f"readers:{name}") for name in PAGES]
    paths += [reverse("readers:topic", args=[topic.slug]) for topic in topics_in_use(Publication.objects.indexable())]
    return [{"address": settings.SITE_URL + path} for path in paths]


def _answer_entries(number: int) -> list[dict[str, Any]]:
    start = (number - 1) * PER_SECTION
    rows = with_change(Publication.objects.indexable()).order_by("pk").values_list("slug", "changed_at")
    return [
        {"address": settings.SITE_URL + reverse("readers:answer", args=[slug]), "changed_at": changed_at}
        for slug, changed_at in rows[start : start + PER_SECTION]
    ]


def _xml(template: str, **context: Any) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), content_type="application/xml; charset=utf-8")


@public_file
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers need not go, and where the sitemap is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    text = f"User-agent: *\n{closed}\nSitemap: {settings.SITE_URL}{reverse('readers:sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


class Feed(Atom1Feed):
    """Atom whose date is that of its newest entry, or of the site's texts while there is none: never of the request."""

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else self.feed["since"]


@public_page
def feed(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The answers that changed last, as Atom (RFC 4287), in the reader's register."""
    texts = site.current()
    rows = list(with_change(Publication.objects.told()).order_by("-changed_at", "-pk")[:FEED_LENGTH])
    notices: dict[int, list[str]] = {}
    for notice in Notice.objects.filter(article__in=[row.article_id for row in rows]):
        notices.setdefault(notice.article_id, []).append(in_a_line(notice))
    made = Feed(
        title=texts.name,
        link=settings.SITE_URL + reverse("readers:home") + reader.carry,
        feed_url=settings.SITE_URL + reverse("readers:feed") + reader.carry,
        description=texts.tagline,
        language=settings.LANGUAGE_CODE,
        feed_copyright=texts.licence,
        since=texts.updated_at,
    )
    for row in rows:
        made.add_item(
            title=_title(row, reader),
            link=settings.SITE_URL + reverse("readers:answer", args=[row.slug]) + reader.carry,
            description=_entry(row, notices.get(row.article_id, []), texts, reader),
            unique_id=_tag(row),
            pubdate=row.first_published_at,
            updateddate=row.changed_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _title(row: Publication, reader: Reader) -> str:
    """The question, marked where it is a sample or retracted: readers of feeds may see nothing else."""
    title = question_of(row, reader)
    if row.is_sample:
        title = _("Sample: %(question)s") % {"question": title}
    return _("Retracted: %(question)s") % {"question": title} if row.is_retracted else title


def _entry(row: Publication, notices: list[str], texts: Site, reader: Reader) -> str:
    """Notices first, as on the page; then the bottom line, unless it was retracted; then what no reader may miss."""
    disclaimer = texts.disclaimer_plain if reader.is_plain else texts.disclaimer
    sample = [_("Written to show this system; not medical advice.")] if row.is_sample else []
    summary = [] if row.is_retracted else [summary_of(row, reader)]
    return "\n\n".join([*notices, *sample, *summary, disclaimer, texts.emergency])


def _tag(row: Publication) -> str:
    """A name for ever, whatever address the answer has later (RFC 4151)."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{row.first_published_at:%Y-%m-%d}:answers/{row.article_id}"


def favicon(request: HttpRequest) -> HttpResponse:
    """The address that old browsers ask for."""
    return HttpResponseRedirect(static("img/seal.svg"))
