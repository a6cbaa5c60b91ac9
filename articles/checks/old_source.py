"""Cited works that are old for their kind; the limits and their sources stand in references/ages.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View
from references.ages import LIMITS, is_old


def check(view: View) -> Iterator[Finding]:
    for work in view.works:
        if is_old(work, view.today.year):
            message = _(
                "The work @%(key)s is of %(year)d: %(kind)s may be outdated after %(limit)d years. Is there a newer?"
            ) % {"key": work.key, "year": work.year, "kind": work.get_kind_display(), "limit": LIMITS[work.kind]}
            yield replace(view.use_of(work.key), code="old-source", message=message, work=work.key)
