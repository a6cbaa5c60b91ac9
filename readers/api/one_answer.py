"""One answer: its text for an audience, its public editions, and the works that it cites."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from articles import cards, flagged
from articles.audiences import register_of
from articles.markup.plain import plain_text
from articles.markup.result import IMAGE_MARK
from articles.models import Standing
from readers import telling
from readers.api import forms
from readers.downloads import as_of_today
from readers.frame import Reader
from readers.telling import Told

GENERAL = Reader()


def text(told: Told, reader: Reader) -> dict[str, Any]:
    """The shape `Answer`."""
    page, source, slug = told.page, told.frozen.source, told.publication.slug
    return marks(told) | {
        "slug": slug,
        "url": page["page"]["canonical_url"] + reader.carry,
        "api_url": forms.absolute(_api_address(told) + reader.carry),
        "question": page["question"],
        "audience": reader.audience,
        "written_in": register_of(reader.audience),
        "edition": page["page"]["edition_number"],
        "is_current": told.is_current,
        "permanent_url": page["permanent_url"],
        "digest": page["digest"],
        "redacted_on": page["redacted_on"],
        "question_professional": page["question_professional"],
        "bottom_line": bottom_line(page, ""),
        "plain_bottom_line": bottom_line(page, "plain_"),
        "note": register_note(page) or None,
        "text": {"html": absolute_images(str(page["body"])), "text": plain_text(str(page["body"]))},
        "references": [reference(card) for card in page["references"]],
        "authors": [{name: one.get(name, "") for name in ("name", "credentials", "orcid")} for one in page["authors"]],
        "topics": forms.topics_form(told.topics),
        "keywords": source["keywords"],
        "language": source["language"],
        "searched_on": page["review"]["searched_on"],
        "published_on": page["review"]["published_on"],
        "cite_as": page["cite_as"],
    }


def marks(told: Told) -> dict[str, Any]:
    """What a reader must know before the text of this edition, with the disclaimer and the emergency."""
    page = told.page
    withdrawn = told.publication.standing == Standing.WITHDRAWN
    state = "withdrawn" if withdrawn else "retracted" if page["retracted_on"] else page["review"]["state"]
    return forms.said(told.texts) | {
        "state": state,
        "caution": told.caution or None,
        "retracted_on": page["retracted_on"],
        "withdrawn": forms.withdrawal(told.publication),
        "sample": told.sample or None,
        "notices": [forms.notice_form(one) for one in page["notices"]],
        "review": forms.review_form(page["review"]),
    }


def bottom_line(page: dict[str, Any], which: str) -> dict[str, str] | None:
    """The bottom line `which` ("" or "plain_") as this reader gets it; None where they don't."""
    bottom = page["bottom"]
    lead = str(bottom[f"{which}lead"])
    if not lead:
        return None
    return {"heading": bottom[f"{which}heading"], "html": absolute_images(lead), "text": plain_text(lead)}


def register_note(page: dict[str, Any]) -> str:
    """What the page says to plain readers where text in plain words is missing; empty where none is."""
    return telling.note_of(no_plain_text=page["no_plain_text"], plain_lead_only=page["plain_lead_only"])


def absolute_images(html: str) -> str:
    """The HTML with the addresses of its images made whole; nothing else is touched."""
    return IMAGE_MARK.sub(lambda mark: mark[0].replace('src="', f'src="{settings.SITE_URL}', 1), html)


def reference(card: dict[str, Any]) -> dict[str, Any]:
    """The shape `Reference`, from what the page shows of a work."""
    return {
        "number": card["number"],
        "kind": ", ".join(card["tags"]),
        "title": card["title"],
        "authors": card["authors"],
        "source": card["source"],
        "year": str(card["year"] or ""),
        "citation": card["vancouver"],
        "links": [{"label": str(link["label"]), "url": link["url"]} for link in card["links"]],
        "status": card["status"],
        "caution": card["caution"] or None,
    }


def works(told: Told) -> dict[str, Any]:
    """The shape `WorkList`: every work that the edition cites, for any audience."""
    frozen = told.frozen.frozen
    today = flagged.statuses(told.frozen)
    texts = (frozen["lead"], frozen["plain_lead"], *(one["html"] for one in frozen["texts"]))
    csl = {
        work["number"]: as_of_today(work["csl"], today.get(work["key"], work["status"]), [])
        for work in frozen["references"]
    }
    found = [
        reference(card) | {"csl": csl[card["number"]]} for card in cards.of_page(frozen["references"], texts, today)
    ]
    return (
        marks(told)
        | forms.named(told.publication, GENERAL)
        | {"question": told.frozen.source["question"], "edition": frozen["number"], "items": found}
    )


def editions(told: Told) -> dict[str, Any]:
    """The shape `EditionList`: every public edition that can be read."""
    slug = told.publication.slug
    found = [
        {
            "number": row["number"],
            "is_current": row["current"],
            "published_on": row["published_on"],
            "note": row["note"],
            "reviewers": [forms.reviewer_form(one) for one in row["reviewers"]],
            "url": forms.absolute(row["url"]),
            "api_url": forms.absolute(reverse("readers:api_edition", args=[slug, row["number"]])),
        }
        for row in told.page["history"]
    ]
    return marks(told) | forms.named(told.publication, GENERAL) | {"items": found}


def _api_address(told: Told) -> str:
    slug, page = told.publication.slug, told.page["page"]
    if page["kind"] == "edition":
        return reverse("readers:api_edition", args=[slug, page["edition_number"]])
    return reverse("readers:api_answer", args=[slug])
