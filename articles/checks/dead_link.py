"""Links of the text, and addresses of cited works, that led nowhere when last asked. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View
from references.models import Check


def check(view: View) -> Iterator[Finding]:
    for work in view.works:
        if work.url and view.addresses.get(work.url) == Check.Outcome.FLAGGED:
            message = _("The address of the work @%(key)s leads nowhere any more: %(url)s")
            filled = message % {"key": work.key, "url": work.url}
            yield replace(view.use_of(work.key), code="dead-link", message=filled, work=work.key)
    for block, url, start, end in links(view):
        if view.addresses.get(url) == Check.Outcome.FLAGGED:
            yield block.warns(
                "dead-link", _("The link to %(url)s leads nowhere any more.") % {"url": url}, (start, end)
            )


def links(view: View):
    """Each web link of the text with its block and place."""
    for block in view.blocks:
        for url, start, end in block.marks.addresses:
            if url.startswith(("http://", "https://")):
                yield block, url, start, end


def unchecked(view: View) -> int:
    """How many addresses have no answer yet: never asked, or nobody answered so far."""
    wanted = {work.url for work in view.works if work.url} | {url for _block, url, _start, _end in links(view)}
    return sum(view.addresses.get(url) not in {Check.Outcome.CLEAR, Check.Outcome.FLAGGED} for url in wanted)
