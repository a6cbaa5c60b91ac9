"""An answer as Markdown, to keep and to read anywhere: what its page shows, with all that must go along.

A head (YAML) names edition, state, reviewers and what stands against it. The text is that of the signed HTML; citations
are numbers in brackets, and the references carry the same numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml
from bs4.element import Tag
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from markdownify import ATX, MarkdownConverter

from articles import notices, site
from articles.audiences import register_of
from articles.models import Standing
from readers import telling
from readers.api import one_answer
from readers.frame import Reader, public_page
from readers.telling import Gone, Moved, Told

WIDTH = 100
MARKS = re.compile(r"[\\`*_\[\]|]|~(?=~)")
"""What a reader of Markdown, ours or another, could take for a mark wherever it stands."""
HTML = str.maketrans({"<": "&lt;"})
ENTITY = re.compile(r"&(?=#?\w{1,12};)")
LINE_BEGINNING = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s)|>|:{3,}|={3,}|-{3,}|\d+[.)](?=\s))", re.MULTILINE)


@public_page
def answer(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """The public edition; what happened, where it was withdrawn."""
    try:
        return _file(_written(telling.answer(slug, reader), reader))
    except Moved as moved:
        return HttpResponsePermanentRedirect(reverse("readers:markdown", args=[moved.slug]) + reader.carry)
    except Gone as gone:
        return _file(_gone(gone), status=410)


@public_page
def edition(request: HttpRequest, reader: Reader, slug: str, number: int) -> HttpResponse:
    """An edition at its permanent address."""
    try:
        return _file(_written(telling.edition(slug, number, reader), reader))
    except Moved as moved:
        address = reverse("readers:edition_markdown", args=[moved.slug, number])
        return HttpResponsePermanentRedirect(address + reader.carry)
    except Gone as gone:
        return _file(_gone(gone), status=410)


def _file(text: str, status: int = 200) -> HttpResponse:
    headers = {"Content-Type": "text/markdown; charset=utf-8", "X-Robots-Tag": "noindex"}
    return HttpResponse(text.encode(), status=status, headers=headers)


def _written(told: Told, reader: Reader) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        page = told.page
        parts = [
            _head(told, reader),
            f"# {escaped(_title(told))}",
            *_before(told),
            *_bottom_lines(page, reader),
            *([f"*{escaped(one_answer.register_note(page))}*"] if one_answer.register_note(page) else []),
            markdown_of(str(page["body"])),
            *_references(page),
            *_after(told, reader),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def _title(told: Told) -> str:
    """The question, with the word that must never be missed before it."""
    question = str(told.page["question"])
    if told.publication.standing == Standing.WITHDRAWN:
        return _("Withdrawn: %(question)s") % {"question": question}
    return _("Retracted: %(question)s") % {"question": question} if told.page["retracted_on"] else question


def _head(told: Told, reader: Reader) -> str:
    page, marks = told.page, one_answer.marks(told)
    review = page["review"]
    fields = {
        "title": page["question"],
        "url": page["page"]["canonical_url"] + reader.carry,
        "permanent_url": page["permanent_url"],
        "edition": page["page"]["edition_number"],
        "digest": page["digest"],
        "audience": reader.audience or "general",
        "register": register_of(reader.audience),
        "state": marks["state"],
        "caution": told.caution,
        "retracted": page["retracted_on"],
        "withdrawn": marks["withdrawn"] and marks["withdrawn"]["on"],
        "sample": bool(told.sample),
        "notices": [_line(one) for one in page["notices"]],
        "review": review["sentence"],
        "reviewers": [_named(one) for one in review["reviewers"]],
        "published": review["published_on"],
        "last_updated": review["last_updated"],
        "last_reviewed": review["last_reviewed"],
        "next_review_due": review["next_due"],
        "evidence_searched_to": review["searched_on"],
        "authors": [_named(one) for one in page["authors"]],
        "topics": [name for _slug, name in told.topics],
        "language": told.frozen.source["language"],
        "licence": told.texts.licence,
    }
    kept = {name: value for name, value in fields.items() if value}
    return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=WIDTH)}---"


def _named(one: dict[str, Any]) -> str:
    return ", ".join(filter(None, [one["name"], one.get("credentials", "")]))


def _line(one: dict[str, Any]) -> str:
    """A notice in a line, as lists and feeds give it."""
    said = [f"{one['kind_label']} ({date_format(one['date'], 'j F Y')}): {one['text']}"]
    if one["reason"]:
        said.append(_("Reason: %(reason)s") % {"reason": one["reason"]})
    if one["asked_by"]:
        said.append(_("Asked for by: %(who)s") % {"who": one["asked_by"]})
    return " ".join(said)


def _before(told: Told) -> list[str]:
    """What must be read before the text, in the order of the page: each a quotation that begins with its word."""
    page, publication = told.page, told.publication
    found = []
    if publication.standing == Standing.WITHDRAWN and publication.withdrawn_at:
        day = date_format(publication.withdrawn_at.date(), "j F Y")
        found.append(_("Withdrawn (%(day)s): %(why)s") % {"day": day, "why": publication.explanation})
    found += [_line(one) for one in page["notices"]]
    if publication.standing == Standing.WITHDRAWN or page["retracted_on"]:
        found.append(_("The text below is kept for the record. Do not act on it."))
    if told.caution:
        found.append(f"{_('Caution: not yet approved')}. {told.caution}")
    if not told.is_current:
        found.append(_("Edition %(number)d, kept as it was published") % {"number": page["page"]["edition_number"]})
    if told.sample:
        found.append(f"{_('Sample')}: {told.sample}")
    quoted = [f"> **{escaped(' '.join(one.split()))}**" for one in found]
    return [*quoted, escaped(page["review"]["sentence"])]


def _bottom_lines(page: dict[str, Any], reader: Reader) -> list[str]:
    bottom = page["bottom"]
    found = []
    for label, heading, lead in (
        (_("Bottom line"), bottom["heading"], bottom["lead"]),
        (_("In plain words") if bottom["lead"] else _("Bottom line"), bottom["plain_heading"], bottom["plain_lead"]),
    ):
        if lead:
            found += [f"## {label}{': ' if heading else ''}{escaped(heading)}", markdown_of(str(lead))]
    return found


def _references(page: dict[str, Any]) -> list[str]:
    if not page["references"]:
        return []
    lines = []
    for card in page["references"]:
        caution = f" **{escaped(card['caution'])}**" if card["caution"] else ""
        # The citation names a DOI or PMID already; a link is added where a program can't make one of it.
        links = "".join(f" <{link['url']}>" for link in card["links"] if re.fullmatch(r"[^\s<>]+", link["url"]))
        lines.append(f"{card['number']}. {escaped(card['vancouver'], begins=False)}{links}{caution}")
    return [f"## {_('References')}", "\n".join(lines)]


def _after(told: Told, reader: Reader) -> list[str]:
    disclaimers = told.page["disclaimers"]
    first, second = ("plain", "professional") if reader.is_plain else ("professional", "plain")
    emergency = told.texts.emergency
    return [
        f"## {_('For education only')}",
        escaped(disclaimers[first]),
        escaped(disclaimers[second]),
        *([f"## {_('In an emergency')}", escaped(emergency)] if emergency else []),
        f"## {_('How to cite')}",
        escaped(told.page["cite_as"]),
    ]


def _gone(gone: Gone) -> str:
    """What the page says where there is no text to give."""
    with translation.override(settings.LANGUAGE_CODE):
        publication, texts = gone.publication, site.current()
        parts = [
            f"# {escaped(publication.question)}",
            f"> **{escaped(_('This answer is not public at present'))}**",
            escaped(gone.sentence),
            *(f"> **{escaped(' '.join(one.split()))}**" for one in notices.marks(publication)),
            f"<{settings.SITE_URL}{reverse('readers:answer', args=[publication.slug])}>",
            escaped(texts.disclaimer),
            escaped(texts.emergency),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str, *, begins: bool = True) -> str:
    """Words as Markdown that says the same words; `begins` where they stand at the beginning of a line."""
    # Not every reader knows a backslash before "<": all know the entity.
    text = MARKS.sub(lambda mark: "\\" + mark[0], ENTITY.sub("&amp;", text).translate(HTML))
    return LINE_BEGINNING.sub(_without_meaning, text) if begins else text


def _without_meaning(match: re.Match[str]) -> str:
    space, mark = match.groups()
    if mark[0].isdigit():
        return f"{space}{mark[:-1]}\\{mark[-1]}"
    return f"{space}\\{mark}"


@lru_cache(maxsize=256)
def markdown_of(html: str) -> str:
    """Finished HTML as Markdown. Kept, since the same edition is read again and again."""
    made = Converter(heading_style=ATX, bullets="-", wrap=False).convert(html)
    # Numbers of citations are no links, whatever stands behind them.
    made = re.sub(r"\[(\d[^\[\]]*)\](?=[(\[:])", r"\\[\1\\]", made)
    return re.sub(r"\n{3,}", "\n\n", made).strip()


class Converter(MarkdownConverter):
    """Of the marks that finished HTML holds; nothing that it does not hold can come of it."""

    def escape(self, text: str, parent_tags: Any) -> str:
        in_cell = bool({"td", "th"} & set(parent_tags or ()))
        return escaped(text or "", begins=not in_cell)

    def convert_sup(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Citation numbers in brackets, each with its flag; other raised text in Pandoc's marks."""
        if "cites" in (element.get("class") or ()):
            return f"[{' '.join(text.split())}]"
        return f"^{text}^" if text and not re.search(r"\s", text) else text

    def convert_sub(self, element: Tag, text: str, parent_tags: Any) -> str:
        return f"~{text}~" if text and not re.search(r"\s", text) else text

    def convert_span(self, element: Tag, text: str, parent_tags: Any) -> str:
        return f" ({text})" if "cite-flag" in (element.get("class") or ()) else text

    def convert_a(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Links that lead out of the page; those within it are their words."""
        address = str(element.get("href") or "")
        if not text.strip() or not re.match(r"(?:https?|mailto):", address, re.IGNORECASE):
            return text
        return f"[{text.strip()}]({_in_brackets(address)})"

    def convert_img(self, element: Tag, text: str, parent_tags: Any) -> str:
        address = str(element.get("src") or "")
        whole = settings.SITE_URL + address if address.startswith("/") else address
        return f"![{escaped(str(element.get('alt') or ''), begins=False)}]({_in_brackets(whole)})"

    def convert_figcaption(self, element: Tag, text: str, parent_tags: Any) -> str:
        return f"\n\n{text.strip()}\n\n"


def _in_brackets(address: str) -> str:
    """An address as it may stand in the brackets of a link."""
    for mark in " ()<>\\":
        address = address.replace(mark, f"%{ord(mark):02X}")
    return address
