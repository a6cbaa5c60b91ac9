"""An answer that cites no work at all. A citation that leads nowhere is told of by the renderer, not here."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import BLOCKS, Finding
from articles.checks.view import View


def check(view: View) -> Iterator[Finding]:
    rendering = view.rendering
    if rendering is None or rendering.cited or any(one.code == "unknown-citation" for one in rendering.findings):
        return
    yield Finding(
        "no-reference",
        _("The answer cites no work: an answer without a source cannot be reviewed."),
        None,
        "body",
        BLOCKS,
    )
