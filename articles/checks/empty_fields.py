"""An answer without its bottom line, or without a text, is none."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import BLOCKS, Finding
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    if not view.fields["lead"].strip():
        yield Finding(
            "empty-lead", _("The bottom line is empty: write the answer in a sentence or two."), None, "lead", BLOCKS
        )
    if not view.fields["body"].strip():
        yield Finding("empty-body", _("The text is empty."), None, "body", BLOCKS)
