"""What crawlers read: the sitemap, robots.txt and the icon's usual address.

Only approved and live answers are named here; those with caution are kept out of all of it.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from articles.models import Publication
from articles.topics import tree
from readers.caching import PRIVATE
from readers.frame import public_file
from readers.listing import topics_in_use, with_change

PER_SECTION = 5_000
"""Answers in one sitemap; the protocol allows 50,000 addresses (sitemaps.org)."""
CLOSED = (*PRIVATE, "/search/")
PAGES = ("home", "answers", "topics", "board", "policy", "about", "ask", "api_guide")


@public_file
def sitemap(request: HttpRequest) -> HttpResponse:
    """All pages and answers, or from PER_SECTION answers on an index of sections."""
    sections = ceil(Publication.objects.indexable().count() / PER_SECTION)
    if sections <= 1:
        return _xml("readers/sitemap.xml", entries=[*_page_entries(), *_answer_entries(1)])
    changes = list(with_change(Publication.objects.indexable()).order_by("pk").values_list("changed_at", flat=True))
    newest = [max(changes[start : start + PER_SECTION]) for start in range(0, len(changes), PER_SECTION)]
    entries = [
        {"address": settings.SITE_URL + reverse("readers:sitemap_section", args=[number]), "changed_at": changed_at}
        for number, changed_at in enumerate([None, *newest])
    ]
    return _xml("readers/sitemap_index.xml", entries=entries)


@public_file
def sitemap_section(request: HttpRequest, number: int) -> HttpResponse:
    """Section 0 holds the pages, the others the answers in the order of their making."""
    if number > ceil(Publication.objects.indexable().count() / PER_SECTION):
        raise Http404
    return _xml("readers/sitemap.xml", entries=_answer_entries(number) if number else _page_entries())


def _page_entries() -> list[dict[str, Any]]:
    paths = [reverse(f"readers:{name}") for name in PAGES]
    paths += [
        reverse("readers:topic", args=[topic.slug])
        for topic, _depth in topics_in_use(Publication.objects.indexable(), tree())
    ]
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


def favicon(request: HttpRequest) -> HttpResponse:
    """The address that old browsers ask for."""
    return HttpResponseRedirect(static("img/seal.svg"))
