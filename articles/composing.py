"""Composing live pages: the signed edition and the overlay become the finished bytes of one address and audience.

Everything shown of the edition comes from the bytes whose digest was just recomputed (`editions.read`). In the signed
HTML a flag may be added behind a citation number, and nothing else is touched.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from articles import cards, flagged, heads, sentences
from articles.audiences import AUDIENCES, PLAIN, PROFESSIONAL
from articles.editions import Frozen
from articles.markup.door import trusted
from articles.models import NoticeKind, Site, Standing
from articles.templatetags.parts import Parts
from references.citing import coins, style

GZIP_LEVEL = 5
READERS = ("", *(audience.slug for audience in AUDIENCES))
"""The bare address first, then each audience's."""

CARRY, AUDIENCE, PANEL, ADDRESS = (f"x{secrets.token_hex(12)}" for _place in range(4))
"""Places in a page that are filled in for each reader. Random words that leave no process: no text can imitate them."""


@dataclass(frozen=True)
class Overlay:
    """What a page shows beside the signed edition, and what changes without a new signature."""

    slug: str
    standing: str
    statement: dict[str, Any]
    site: Site
    notices: tuple[dict[str, Any], ...] = ()
    work_status: dict[str, str] = field(default_factory=dict)
    """Status of the cited works today, by key: see `flagged.statuses`."""
    topics: tuple[tuple[str, str], ...] = ()
    """Slug and name."""
    withdrawn_on: datetime.date | None = None
    """When the answer was withdrawn, with `explanation`."""
    explanation: str = ""
    related: tuple[dict[str, Any], ...] = ()
    """Other live answers: see `related.of_page`."""
    today: datetime.date = datetime.date.min
    parts: Parts = field(default_factory=Parts, init=False, compare=False, repr=False)
    """What was laid out of this overlay and its edition already, for the next page of the same two."""


@dataclass(frozen=True)
class Page:
    """A finished page. `body` is gzip of UTF-8."""

    audience: str
    body: bytes
    etag: str
    noindex: bool
    http_status: int


def live_pages(frozen: Frozen, overlay: Overlay) -> list[Page]:
    """The pages of the live address, one for each reader; explanations where the answer left the public."""
    if overlay.standing == Standing.LEFT:
        return _pages("live/explanation.html", frozen, overlay, kind="explanation", http_status=410)
    return _pages("live/answer.html", frozen, overlay, kind=kind_of(frozen, overlay), http_status=200)


def kind_of(frozen: Frozen, overlay: Overlay) -> str:
    """What stands at the live address while its text may be read: `live`, `withdrawn` or `retracted`."""
    if overlay.standing == Standing.WITHDRAWN:
        return "withdrawn"
    return "retracted" if _retracted_on(frozen, overlay) else "live"


def edition_pages(frozen: Frozen, overlay: Overlay) -> list[Page]:
    """The pages of an edition's permanent address."""
    if overlay.standing == Standing.LEFT:
        return _pages("live/explanation.html", frozen, overlay, kind="explanation", http_status=410)
    return _pages("live/answer.html", frozen, overlay, kind="edition", http_status=200)


def shown(frozen: Frozen, overlay: Overlay, *, kind: str, reader: str) -> dict[str, Any]:
    """What the page of this kind shows this reader, as the plain data of `templates/live/`: for forms beside the page.

    Nothing is rendered and nothing queried. Who makes another form of it takes along all that stands before the text.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _context(frozen, overlay, kind=kind, register=_register(reader), reader=reader, noindex=False)


def _pages(template: str, frozen: Frozen, overlay: Overlay, *, kind: str, http_status: int) -> list[Page]:
    """Render one skeleton for each text and register, and fill in each reader's own parts at fixed places.

    Readers who get the same text in the same register differ only in the links that carry their choice and in the panel
    that shows it.
    """
    noindex = overlay.standing != Standing.LIVE or kind != "live"
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for reader in READERS:
        groups[_text_index(frozen, reader), _register(reader)].append(reader)
    pages = []
    with translation.override(settings.LANGUAGE_CODE):
        for (_index, register), readers in groups.items():
            context = _context(frozen, overlay, kind=kind, register=register, reader=readers[0], noindex=noindex)
            skeleton = render_to_string(
                template,
                context | {"carry": CARRY, "audience": readers[0] and AUDIENCE, "panel": PANEL, "parts": overlay.parts},
            )
            for reader in readers:
                text = str(skeleton)
                if PANEL in skeleton:
                    panel = _panel(reader, settings.LANGUAGE_CODE)
                    text = text.replace(PANEL, panel.replace(ADDRESS, context["page"]["live_url"]))
                data = text.replace(CARRY, f"?for={reader}" if reader else "").replace(AUDIENCE, reader).encode()
                pages.append(
                    Page(
                        audience=reader,
                        body=gzip.compress(data, GZIP_LEVEL, mtime=0),
                        etag=hashlib.sha256(data).hexdigest()[:32],
                        noindex=noindex,
                        http_status=http_status,
                    )
                )
    return pages


def _text_index(frozen: Frozen, reader: str) -> int:
    of = frozen.frozen["text_of"]
    return of.get(reader or "general", of["general"])


def _register(reader: str) -> str:
    """The register of the reader, empty for one who has not said who they are."""
    return next((audience.register for audience in AUDIENCES if audience.slug == reader), "")


@lru_cache(maxsize=256)
def _panel(reader: str, language: str) -> str:
    """The panel in which a reader says who they are; ADDRESS stands for the live page's."""
    return render_to_string(
        "live/audience.html",
        {
            "audience": reader,
            "audience_label": next((_(one.adapted) for one in AUDIENCES if one.slug == reader), ""),
            "audiences": [
                {
                    "slug": one.slug,
                    "label": _(one.label),
                    "url": f"{ADDRESS}?for={one.slug}",
                    "current": one.slug == reader,
                }
                for one in AUDIENCES
            ],
            "is_plain": _register(reader) == PLAIN,
            "page": {"live_url": ADDRESS, "texts_url": f"{ADDRESS}texts/?for={reader}"},
        },
    )


def _context(
    frozen: Frozen, overlay: Overlay, *, kind: str, register: str, reader: str, noindex: bool
) -> dict[str, Any]:
    """The plain data of `templates/live/`: nothing is queried there."""
    source, edition = frozen.source, frozen.frozen
    text = frozen.text_for(reader or "general")
    plain = register == PLAIN
    shared = overlay.parts.once((frozen.digest,), lambda: _shared_context(frozen, overlay))
    status = overlay.work_status
    bottom = _bottom_line(frozen, register)
    signed = (bottom["lead"], bottom["plain_lead"], text["html"])
    address = shared["permanent_url" if kind == "edition" else "live_address"]
    context = shared | {
        "register": register,
        "page": {
            "kind": kind,
            "slug": overlay.slug,
            "noindex": noindex,
            "canonical_url": address,
            "live_url": reverse("readers:answer", args=[overlay.slug]),
            "permanent_url": shared["permanent_url"],
            "edition_number": edition["number"],
        },
        "citation_tags": overlay.parts.once((frozen.digest, kind), lambda: _citation_tags(frozen, overlay, address)),
        "question": source["plain_question"] if plain and source["plain_question"] else source["question"],
        "bottom": bottom
        | {lead: trusted(flagged.at_the_numbers(bottom[lead], status, frozen)) for lead in ("lead", "plain_lead")},
        "body": trusted(flagged.at_the_numbers(text["html"], status, frozen)),
        "headings": text["headings"],
        "related": overlay.parts.once((kind, "related", plain), lambda: _related(overlay, kind=kind, plain=plain)),
        "no_plain_text": plain and not edition["has_plain"],
        "plain_lead_only": plain and bool(edition["plain_lead"]) and not edition["has_plain"],
        "references": overlay.parts.once(
            (frozen.digest, _text_index(frozen, reader), bottom["lead"], bottom["plain_lead"]),
            lambda: list(cards.of_page(edition["references"], signed, status)),
        ),
    }
    return context | {
        "description": heads.description_of(context),
        "open_graph": heads.open_graph(context),
        "linked_data": heads.linked_data(context, language=source["language"], keywords=source["keywords"]),
    }


def _shared_context(frozen: Frozen, overlay: Overlay) -> dict[str, Any]:
    """What all pages of this edition and overlay show alike."""
    source = frozen.source
    permanent_url = settings.SITE_URL + reverse("readers:edition", args=[overlay.slug, frozen.frozen["number"]])
    return {
        "site": overlay.site,
        "live_address": settings.SITE_URL + reverse("readers:answer", args=[overlay.slug]),
        "permanent_url": permanent_url,
        "question_professional": source["question"],
        "review": review_of(
            overlay.statement, standing=overlay.standing, searched_on=source["searched_on"], today=overlay.today
        ),
        "notices": _notices(frozen, overlay),
        "retracted_on": _retracted_on(frozen, overlay),
        "history": _history(overlay),
        "events": [one | {"on": _date(one["on"])} for one in overlay.statement.get("events", ())],
        "topics": [{"name": name, "url": reverse("readers:topic", args=[slug])} for slug, name in overlay.topics],
        "authors": source["byline"],
        "cite_as": _cite_as(frozen, overlay, permanent_url),
        "digest": frozen.digest,
        "redacted_on": frozen.redacted_at.date() if frozen.redacted_at else None,
        "sample": frozen.frozen["sample"],
        "disclaimers": {"professional": overlay.site.disclaimer, "plain": overlay.site.disclaimer_plain},
        "withdrawn": {"on": overlay.withdrawn_on, "explanation": overlay.explanation} if overlay.withdrawn_on else None,
    }


def _related(overlay: Overlay, *, kind: str, plain: bool) -> list[dict[str, str]]:
    """Related answers with their questions in this register. An edition's permanent address names none."""
    if kind == "edition":
        return []
    return [
        {
            "url": reverse("readers:answer", args=[one["slug"]]),
            "question": (plain and one["plain_question"]) or one["question"],
            "state": one["state"],
        }
        for one in overlay.related
    ]


def _retracted_on(frozen: Frozen, overlay: Overlay) -> datetime.date | None:
    """When this very edition was retracted; None where it was not."""
    number = frozen.frozen["number"]
    days = (one["date"] for one in overlay.notices if one["kind"] == NoticeKind.RETRACTION and one["about"] == number)
    return next(days, None)


def _notices(frozen: Frozen, overlay: Overlay) -> list[dict[str, Any]]:
    """The notices with links to the editions before and after, where these can be read. `is_here`: about this one."""
    readable = {entry["number"] for entry in overlay.statement["editions"] if entry["readable"]}

    def link(number: int | None) -> str:
        return reverse("readers:edition", args=[overlay.slug, number]) if number in readable else ""

    return [
        one
        | {
            "about_url": link(one["about"]),
            "after_url": link(one["after"]),
            "is_here": one["about"] == frozen.frozen["number"] and one["after"] is None,
        }
        for one in overlay.notices
    ]


def _history(overlay: Overlay) -> list[dict[str, Any]]:
    """The public editions that can be read, newest first: their dates, who reviewed them, and what changed in each."""
    statement = overlay.statement
    entries = [entry for entry in statement["editions"] if entry["readable"]]
    compared = reverse("readers:compare", args=[overlay.slug])
    rows = []
    for place, entry in enumerate(entries, start=1):
        before = entries[place] if place < len(entries) else None
        known = statement | entry["statement"]
        rows.append(
            {
                "number": entry["number"],
                "note": entry["note"] or ("" if before else _("First public edition.")),
                "published_on": _date(entry["published_on"]),
                "submitted_on": _date(known["submitted_on"]),
                "approved_on": _date(known["approved_on"]),
                "reviewers": _reviewers(known),
                "url": reverse("readers:edition", args=[overlay.slug, entry["number"]]),
                "current": entry["is_current"],
                "before": before["number"] if before else None,
                "compare_url": f"{compared}?old={before['number']}&new={entry['number']}" if before else "",
            }
        )
    return rows


def _bottom_line(frozen: Frozen, register: str) -> dict[str, str]:
    """Headings and leads as this register gets them: what it is not shown is empty."""
    source, edition = frozen.source, frozen.frozen
    parts = {
        "heading": source["bottom_line"]["heading"],
        "lead": edition["lead"],
        "plain_heading": source["plain_bottom_line"]["heading"],
        "plain_lead": edition["plain_lead"],
    }
    if register == PROFESSIONAL:
        parts["plain_heading"] = parts["plain_lead"] = ""
    elif register == PLAIN and parts["plain_lead"]:
        parts["heading"] = parts["lead"] = ""
    return parts


def _citation_tags(frozen: Frozen, overlay: Overlay, address: str) -> list[tuple[str, str]]:
    """What the head says of the answer to Google Scholar, Zotero and their like: names after `citation_`, and values.

    None for an answer that the board has not approved, or that was withdrawn or retracted: such a tag has no place for
    the caution.
    The title is the question as the board signed it, whatever the register.
    """
    source, statement = frozen.source, overlay.statement
    if statement["caution"] or overlay.withdrawn_on or _retracted_on(frozen, overlay):
        return []
    entries = (entry for entry in statement["editions"] if entry["number"] == frozen.frozen["number"])
    published = next(entries, statement)["published_on"].replace("-", "/")
    tags = [("title", source["question"])]
    for author in source["byline"] or [{"name": overlay.site.name, "orcid": ""}]:
        tags.append(("author", author["name"]))
        if author["orcid"]:
            tags.append(("author_orcid", f"https://orcid.org/{author['orcid']}"))
    return [
        *tags,
        ("publication_date", published),
        ("online_date", published),
        ("publisher", overlay.site.name),
        ("language", source["language"]),
        *([("keywords", "; ".join(source["keywords"]))] if source["keywords"] else []),
        ("public_url", address),
        ("fulltext_html_url", address),
    ]


def review_of(statement: dict[str, Any], *, standing: str, searched_on: str, today: datetime.date) -> dict[str, Any]:
    """The review statement as the templates take it. Its words depend on the state and never run ahead of it."""
    next_due = _date(statement["next_due"])
    state, caution = statement["state"], statement["caution"]
    dates = {name: _date(statement[name]) for name in ("submitted_on", "taken_up_on", "approved_on")}
    steps = [
        {
            "label": _("Submitted"),
            "date": dates["submitted_on"],
            "state": "current" if state == "submitted" else "done",
        },
        {
            "label": _("Under review"),
            "date": dates["taken_up_on"],
            "state": "current" if state == "under_review" else ("todo" if state == "submitted" else "done"),
        },
        {"label": _("Approved"), "date": dates["approved_on"], "state": "todo" if caution else "current"},
    ]
    return {
        "state": state,
        "caution": caution,
        "sentence": _sentence(statement, standing),
        "steps": steps,
        "reviewers": _reviewers(statement),
        "last_updated": _date(statement["last_updated"]),
        "last_reviewed": _date(statement["last_reviewed"]),
        "next_due": next_due,
        "editorial_fix_of": statement.get("editorial_fix_of"),
        "renewals": [
            one | {"interests": one["interests"] or _("none declared"), "on": _date(one["on"])}
            for one in statement.get("renewals", ())
        ],
        "overdue": bool(next_due and next_due < today),
        "searched_on": _date(searched_on),
        "published_on": _date(statement["published_on"]),
    }


def _reviewers(statement: dict[str, Any]) -> list[dict[str, Any]]:
    """Who approved an edition, with credentials and with what they had declared."""
    return [
        {
            "name": one["name"],
            "credentials": one["credentials"],
            "specialty": one["specialty"],
            "interests": one["interests"] or _("none declared"),
            "on": _date(one["on"]),
            "capacity": _("member of the medical advisory board"),
        }
        for one in statement["reviewers"]
    ]


def _sentence(statement: dict[str, Any], standing: str) -> str:
    """What the board did for this edition, in one line that is true of its state."""
    if standing == Standing.LEFT:
        return {
            "changes_requested": _(
                "The medical advisory board asked for changes, so this answer was taken off the public site."
            ),
            "declined": _("The medical advisory board declined this answer, so it was taken off the public site."),
        }.get(
            statement["state"],
            _("Its authors took this answer back before the medical advisory board had approved it."),
        )
    if statement["caution"]:
        if statement["state"] == "submitted":
            return _("Submitted to the medical advisory board, which has not begun its review.")
        return _("The medical advisory board is reviewing this answer and has not approved it.")
    names = [
        f"{one['name']}, {one['credentials']}" if one["credentials"] else one["name"] for one in statement["reviewers"]
    ]
    said = {"names": _(" and ").join(names), "number": statement.get("editorial_fix_of")}
    if said["number"]:
        return (
            _(
                "Approved word for word, as an editorial fix of edition %(number)d, by %(names)s, "
                "medical advisory board."
            )
            % said
        )
    return _("Reviewed and approved word for word by %(names)s, medical advisory board.") % said


def _cite_as(frozen: Frozen, overlay: Overlay, permanent_url: str) -> str:
    """One line that names authors, question, site, edition, date and permanent address."""
    authors = ", ".join(author["name"] for author in frozen.source["byline"]) or overlay.site.name
    line = _("%(authors)s. %(question)s %(site)s, edition %(number)d, %(date)s. %(address)s") % {
        "authors": authors,
        "question": frozen.source["question"],
        "site": overlay.site.name,
        "number": frozen.frozen["number"],
        "date": frozen.frozen["created_at"][:10],
        "address": permanent_url,
    }
    if retracted := _retracted_on(frozen, overlay):
        return f"{line} [{_('Retracted')} {retracted.isoformat()}]"
    return f"{line} [{_('Withdrawn')} {overlay.withdrawn_on.isoformat()}]" if overlay.withdrawn_on else line


def _date(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None


@cache
def _templates_digest() -> str:
    """Of all that pages are made of beside data: templates, and the code that fills them."""
    seen = hashlib.sha256()
    root = Path(settings.BASE_DIR) / "templates"
    code = (
        Path(str(module.__file__)) for module in (sys.modules[__name__], cards, flagged, heads, sentences, style, coins)
    )
    for path in _files(root / "base.html", root / "public", root / "live", root / "components", *code):
        seen.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        seen.update(manifest.read_bytes())
    return seen.hexdigest()[:32]


def _files(*places: Path) -> Iterable[Path]:
    for place in places:
        yield from (place,) if place.is_file() else sorted(place.rglob("*.html"))


def composer(site: Site) -> str:
    """Names what pages are made with now: a page that names another composer is due to be made again."""
    made_with = f"{_templates_digest()} {site.version} {settings.SITE_URL} {settings.LANGUAGE_CODE}"
    return hashlib.sha256(made_with.encode()).hexdigest()
