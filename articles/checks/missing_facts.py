"""What readers look for beside the text: who answers, and to which day the evidence was searched."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    if not view.byline:
        yield Finding("no-byline", _("Nobody stands in the byline."), None, "byline")
    if not view.searched_on:
        yield Finding(
            "no-search-date", _("The date to which the evidence was searched is missing."), None, "searched_on"
        )
