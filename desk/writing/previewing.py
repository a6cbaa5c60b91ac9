"""The preview: what stands in the editor, laid out for one reader. Nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles import checks, freezing
from articles.audiences import AUDIENCES, BY_SLUG, GENERAL, PLAIN
from articles.markup.door import TextRefused, trusted
from articles.models import Article
from desk.reviewing.works import as_work
from references.formats.csl import to_csl

TEXTS = ("body", "lead", "plain_lead")
FIELDS = (*TEXTS, "question", "plain_question", "heading", "plain_heading")
SEEN_ANYWAY = {"empty-body", "empty-lead", "no-reference"}
"""Findings that say no more than the empty field itself; they are said at submission."""
LONGEST = 400_000
"""Characters of one field that are looked at; the renderer refuses far less."""


def preview(request: HttpRequest) -> HttpResponse:
    """POST: the texts of the editor as an HTML fragment, for the reader named in `reader`."""
    return render(request, "desk/writing/preview.html", {"preview": preview_of(request.POST)})


def readers() -> list[tuple[str, str]]:
    """The readers to choose from: the general one first."""
    return [(GENERAL, _("Everybody: the general text")), *((one.slug, _(one.label)) for one in AUDIENCES)]


def preview_of(posted: Any) -> dict[str, Any]:
    """What `templates/desk/writing/preview.html` shows of posted texts. Never raises for what an author can write."""
    texts = {name: posted.get(name, "")[:LONGEST] for name in FIELDS}
    reader = posted.get("reader", "")
    if reader not in BY_SLUG:
        reader = GENERAL
    article = Article(**texts)
    shown = {"reader": reader, "readers": _(BY_SLUG[reader].adapted) if reader != GENERAL else ""}
    try:
        rendered = freezing.render_article(article)
    except TextRefused as refused:
        return shown | {"refused": str(refused)}
    rendering, cited = rendered.rendering, rendered.cited
    findings = [
        one
        for one in checks.findings_of(article, rendering, cited)
        if one.field in TEXTS and one.code not in SEEN_ANYWAY
    ]
    index = rendering.text_of.get(reader, rendering.text_of.get(GENERAL))
    is_plain = reader != GENERAL and BY_SLUG[reader].register == PLAIN
    bottom = {
        "heading": texts["heading"],
        "lead": trusted(rendering.lead),
        "plain_heading": texts["plain_heading"],
        "plain_lead": trusted(rendering.plain_lead),
    }
    return shown | {
        "findings": findings,
        "blocking": sum(finding.blocks for finding in findings),
        "question": (texts["plain_question"] if is_plain else "") or texts["question"],
        "register": "" if reader == GENERAL else BY_SLUG[reader].register,
        "bottom": bottom,
        "body": trusted(rendering.texts[index].html) if index is not None and rendering.texts else "",
        "no_plain_text": is_plain and not rendering.has_plain,
        "works": [
            as_work({"number": number, "key": work.key, "kind": work.kind, "csl": to_csl(work)}, work.status)
            for number, work in enumerate(cited, start=1)
        ],
    }
