"""Answers to nearly the same question, by the words that the questions share; `articles.alike` finds them by index."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import WARNS, Finding, Link
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    for one in view.alike:
        link = Link(one.question, one.url, one.article, is_public=bool(one.url))
        message = (
            _("There is an answer to nearly the same question.")
            if one.url
            else _("There is another draft of yours on nearly the same question.")
        )
        yield Finding("near-duplicate", message, 1, "question", WARNS, "", (link,))
