"""Cited preprints of which the library knows what was published of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    for work in view.works:
        if work.key in view.published:
            message = _("The work @%(key)s is a preprint that was published since: %(published)s.") % {
                "key": work.key,
                "published": view.published[work.key],
            }
            yield replace(view.use_of(work.key), code="published-preprint", message=message, work=work.key)
