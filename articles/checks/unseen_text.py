"""Readers who would get no text at all, because every part of it is for others."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.audiences import AUDIENCES, GENERAL
from articles.checks.finding import BLOCKS, Finding
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    rendering = view.rendering
    if rendering is None or not rendering.texts or not view.fields["body"].strip():
        return
    labels = {GENERAL: _("a reader who has not said who they are")}
    labels |= {audience.slug: _(audience.adapted) for audience in AUDIENCES}
    for slug, index in rendering.text_of.items():
        if not rendering.texts[index].plain.strip():
            message = _("There would be no text at all for %(readers)s.") % {"readers": labels[slug]}
            yield Finding("empty-text", message, None, "body", BLOCKS)
