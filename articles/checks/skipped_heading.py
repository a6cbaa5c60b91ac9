"""Levels of headings that are skipped for some reader: who hears a page moves by them (WCAG 2.2, technique H42)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import HEADING, View


def check(view: View) -> Iterator[Finding]:
    top = min((block.level for block in view.body if block.kind == HEADING), default=0)
    told = set()
    for blocks in view.read_by.values():
        before = top - 1
        for block in blocks:
            if block.kind != HEADING:
                continue
            if block.level > before + 1 and block.line not in told:
                told.add(block.line)
                signs = {"heading": block.text, "found": "#" * block.level, "wanted": "#" * (before + 1)}
                yield block.blocks(
                    "skipped-heading",
                    _("The heading “%(heading)s” skips a level: it has %(found)s where %(wanted)s comes next.") % signs,
                )
            before = block.level
