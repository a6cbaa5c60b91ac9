"""The preview: what stands in the editor, laid out for one reader. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles import checks, freezing
from articles.audiences import AUDIENCES, BY_SLUG, GENERAL, PLAIN, PROFESSIONAL, REGISTERS
from articles.images import keeping
from articles.markup.door import Rendering, TextRefused, TooSlow, trusted
from articles.models import Article
from desk.access import articles_of
from desk.findings import groups_of
from desk.images import for_desk
from desk.reviewing.texts import in_words
from desk.reviewing.works import as_work
from desk.writing.cited import cited_in
from desk.writing.marking import marked
from desk.writing.terms import terms_of
from references.formats.csl import to_csl

TEXTS = ("body", "lead", "plain_lead")
FIELDS = (*TEXTS, "question", "plain_question", "heading", "plain_heading")
SEEN_ANYWAY = {"empty-body", "empty-lead", "no-reference", "no-byline", "no-search-date"}
"""Findings that say no more than the empty field itself; they are said at submission."""
ASK_AGAIN = 2
"""Seconds after which a preview that took too long may be asked for again."""
LONGEST = 400_000
"""Characters of one field that are looked at; the renderer refuses far less."""


def preview(request: HttpRequest) -> HttpResponse:
    """POST: the texts of the editor as HTML fragments for its panels, laid out for the reader named in `reader`.

    With `marked`, what differs from the general text is marked. `?article=` names the article whose images they show.
    503 with a sentence where the text took too long, as one does on a busy machine, too: the editor asks again.
    """
    pk = request.GET.get("article", "")
    article = articles_of(request).filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    preview = preview_of(request.POST, of=article, person=request.user.pk)
    if preview.get("is_too_slow"):
        headers = {"Retry-After": str(ASK_AGAIN)}
        return HttpResponse(preview["refused"], status=503, content_type="text/plain; charset=utf-8", headers=headers)
    return render(request, "desk/writing/answer.html", {"preview": preview})


def readers() -> list[tuple[str, list[tuple[str, str]]]]:
    """The readers to choose from, in groups: the general one and the two registers first, then single audiences."""
    first = [
        (GENERAL, _("Everybody: the general text")),
        (PROFESSIONAL, _("Professional readers")),
        (PLAIN, _("Plain-register readers")),
    ]
    return [("", first), (_("More: one kind of reader"), [(one.slug, _(one.label)) for one in AUDIENCES])]


def preview_of(posted: Any, *, of: Article | None, person: int | None = None) -> dict[str, Any]:
    """What `templates/desk/writing/preview.html` shows of posted texts. Never raises for what an author can write.

    `of` is the article that is written, whose images they may show and which is no duplicate of itself; None for one
    that was never saved. `person` is who writes: of near-duplicates among drafts only theirs are told of.
    """
    texts = {name: posted.get(name, "")[:LONGEST] for name in FIELDS}
    reader = posted.get("reader", "")
    if reader not in BY_SLUG and reader not in REGISTERS:
        reader = GENERAL
    is_marked = reader != GENERAL and "marked" in posted
    article = Article(pk=of.pk if of else None, **texts)
    shown: dict[str, Any] = {"reader": reader, "is_marked": is_marked}
    try:
        rendered = freezing.render_article(article, keeping.named_in(of, texts["body"]) if of else {})
    except TextRefused as refused:
        return shown | {"refused": str(refused), "is_too_slow": isinstance(refused, TooSlow)}
    rendering, cited = rendered.rendering, rendered.cited
    report = checks.report_of(article, rendering, cited, terms=rendered.terms, drafts_of=person).without(SEEN_ANYWAY)
    index = _text_for(reader, rendering)
    register = "" if reader == GENERAL else BY_SLUG[reader].register if reader in BY_SLUG else reader
    is_plain = register == PLAIN
    html = rendering.texts[index].html if rendering.texts else ""
    general = rendering.texts[rendering.text_of[GENERAL]].html if rendering.texts else ""
    bottom = {
        "heading": texts["heading"],
        "lead": trusted(rendering.lead),
        "plain_heading": texts["plain_heading"],
        "plain_lead": trusted(rendering.plain_lead),
    }
    return shown | {
        "report": report,
        "groups": groups_of(report),
        "question": (texts["plain_question"] if is_plain else "") or texts["question"],
        "register": register,
        "bottom": bottom,
        "body": for_desk(html),
        "blocks": marked(html, general) if is_marked else [],
        "is_general": html == general,
        "others": _others(reader, index, rendering),
        "no_plain_text": is_plain and not rendering.has_plain,
        "terms": terms_of(rendered, (texts[name] for name in TEXTS)),
        "works": [
            as_work({"number": number, "key": work.key, "kind": work.kind, "csl": to_csl(work)}, work.status)
            for number, work in enumerate(cited, start=1)
        ],
        "cited": cited_in({name: texts[name] for name in ("lead", "plain_lead", "body")}, rendering, rendered.works),
    }


def _text_for(reader: str, rendering: Rendering) -> int:
    """The number of the text that a reader gets; for a register the one that most of its audiences get."""
    if reader in REGISTERS:
        of_register = [rendering.text_of.get(one.slug, 0) for one in AUDIENCES if one.register == reader]
        return Counter(of_register).most_common(1)[0][0]
    return rendering.text_of.get(reader, rendering.text_of.get(GENERAL, 0))


def _others(reader: str, index: int, rendering: Rendering) -> str:
    """For a register: its audiences that get another text than most, in words."""
    if reader not in REGISTERS:
        return ""
    return in_words(
        one.slug for one in AUDIENCES if one.register == reader and rendering.text_of.get(one.slug, index) != index
    )
