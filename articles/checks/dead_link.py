"""Links of the text, and addresses of cited works, that led nowhere when last asked. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urldefrag

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import Asked, Block, View


def check(view: View) -> Iterator[Finding]:
    for work in view.works:
        if work.url and (asked := _dead(view, work.url)):
            told = {"key": work.key, "url": work.url, "day": _day(asked)}
            message = _("The address of the work @%(key)s leads nowhere any more: %(url)s (asked on %(day)s).") % told
            yield replace(view.use_of(work.key), code="dead-link", message=message, work=work.key)
    for block, url, start, end in links(view):
        if asked := _dead(view, url):
            message = _("The link to %(url)s leads nowhere: its host had nothing there when asked on %(day)s.")
            yield block.warns("dead-link", message % {"url": url, "day": _day(asked)}, (start, end))


def links(view: View) -> Iterator[tuple[Block, str, int, int]]:
    """Each web link of the text with its block and place."""
    for block in view.blocks:
        for url, start, end in block.marks.addresses:
            if url.lower().startswith(("http://", "https://")):
                yield block, url, start, end


def page(url: str) -> str:
    """What is asked of an address: all but its fragment, which no host is told."""
    try:
        return urldefrag(url).url
    except ValueError:
        return url


def unchecked(view: View) -> int:
    """How many addresses have no answer yet: never asked, or nobody answered so far."""
    wanted = {work.url for work in view.works if work.url} | {page(url) for _block, url, _start, _end in links(view)}
    return sum(_asked(view, url) is None for url in wanted)


def _asked(view: View, url: str) -> Asked | None:
    return view.addresses.get(url) or view.addresses.get(page(url))


def _dead(view: View, url: str) -> Asked | None:
    asked = _asked(view, url)
    return asked if asked and not asked.is_there else None


def _day(asked: Asked) -> str:
    return date_format(asked.on, "j F Y")
