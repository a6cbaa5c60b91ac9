"""From what the site knows to the shapes of the API: names, marks, notices, people. No query but where it says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles import notices, site
from articles.models import Notice, Publication, Site, Standing
from readers import telling
from readers.frame import Reader
from readers.listing import question_of


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def named(publication: Publication, reader: Reader) -> dict[str, Any]:
    """An answer by name, its addresses for this reader."""
    return {
        "slug": publication.slug,
        "url": absolute(reverse("readers:answer", args=[publication.slug]) + reader.carry),
        "api_url": absolute(reverse("readers:api_answer", args=[publication.slug]) + reader.carry),
        "question": question_of(publication, reader),
    }


def state_of(publication: Publication) -> str:
    """The state to show beside the question: what became of it since weighs more than its review."""
    if publication.standing == Standing.WITHDRAWN:
        return "withdrawn"
    return "retracted" if publication.is_retracted else str(publication.statement["state"])


def said(texts: Site | None = None) -> dict[str, Any]:
    """The disclaimer in both registers, and what to do in an emergency. One query without `texts`."""
    texts = texts or site.current()
    return {
        "disclaimer": {"professional": texts.disclaimer, "plain": texts.disclaimer_plain},
        "emergency": texts.emergency,
    }


def notices_by_article(publications: Iterable[Publication]) -> dict[int, list[dict[str, Any]]]:
    """The notices of these answers, by the number of the article, the gravest first. One query."""
    rows: dict[int, list[Notice]] = defaultdict(list)
    articles = [one.article_id for one in publications]
    if articles:
        for notice in Notice.objects.filter(article__in=articles).select_related("edition", "corrects"):
            rows[notice.article_id].append(notice)
    return {article: [notice_form(one) for one in notices.of_page(some)] for article, some in rows.items()}


def notice_form(one: dict[str, Any]) -> dict[str, Any]:
    """A notice, from its plain data of a page."""
    return {
        "kind": one["kind"],
        "label": str(one["kind_label"]),
        "text": one["text"],
        "reason": one["reason"],
        "asked_by": one["asked_by"],
        "date": one["date"],
        "about_edition": one["about"],
        "corrected_in": one["after"],
    }


def marks_of_line(publication: Publication, found: list[dict[str, Any]]) -> dict[str, Any]:
    """What a reader must know before the text, for an answer in a list; `found` are its notices in form."""
    retracted = [
        one["date"]
        for one in found
        if one["kind"] == "retraction" and one["corrected_in"] is None and publication.is_retracted
    ]
    return {
        "state": state_of(publication),
        "caution": telling.caution_of(publication.statement["caution"]) or None,
        "retracted_on": retracted[0] if retracted else None,
        "withdrawn": withdrawal(publication),
        "sample": telling.sample_of(publication.is_sample) or None,
        "notices": found,
        "review": review_form(telling.review_of(publication)),
    }


def withdrawal(publication: Publication) -> dict[str, Any] | None:
    if not publication.withdrawn_at:
        return None
    return {"on": publication.withdrawn_at.date(), "explanation": publication.explanation}


def review_form(review: dict[str, Any]) -> dict[str, Any]:
    """A review, from its plain data of a page."""
    submitted, taken_up, approved = review["steps"]
    return {
        "state": review["state"],
        "sentence": review["sentence"],
        "submitted_on": submitted["date"],
        "under_review_on": taken_up["date"],
        "approved_on": approved["date"],
        "last_updated": review["last_updated"],
        "last_reviewed": review["last_reviewed"],
        "next_due": review["next_due"],
        "is_overdue": review["overdue"],
        "reviewers": [reviewer_form(one) for one in review["reviewers"]],
        "confirmed_by": [reviewer_form(one) for one in review["renewals"]],
    }


def reviewer_form(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("name", "credentials", "specialty", "interests", "on")}


def topics_form(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"slug": slug, "name": name} for slug, name in pairs]
