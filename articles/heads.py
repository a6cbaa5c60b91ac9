"""What the head of an answer's page tells machines: a description, Open Graph for previews, and JSON-LD (schema.org).

None of it says more than the page: what was withdrawn, retracted or is not approved yet is described by that alone, and
has no JSON-LD, in which a caution would have no place that is read.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from articles.audiences import PLAIN, PROFESSIONAL
from articles.markup.door import trusted
from articles.markup.plain import plain_text
from articles.models import NoticeKind
from articles.sentences import first_sentences
from references.models import Status, Type

TYPES = {
    Type.BOOK: "Book",
    Type.DATASET: "Dataset",
    Type.PAPER_CONFERENCE: "ScholarlyArticle",
    Type.ARTICLE_JOURNAL: "ScholarlyArticle",
    Type.REPORT: "Report",
    Type.THESIS: "Thesis",
    Type.WEBPAGE: "WebPage",
}
"""Forms of publication that schema.org has a type for; all others are a CreativeWork."""
AUDIENCES = {PROFESSIONAL: ("Clinician",), PLAIN: ("Patient",), "": ("Clinician", "Patient")}


def title_of(page: dict[str, Any]) -> str:
    """The question, with the word that must never be missed before it. `page` is the context of `live/answer.html`."""
    if page["withdrawn"]:
        return _("Withdrawn: %(question)s") % {"question": page["question"]}
    return _("Retracted: %(question)s") % page if page["retracted_on"] else str(page["question"])


def description_of(page: dict[str, Any]) -> str:
    """A preview's few words: the beginning of the bottom line, or why nobody should rely on it."""
    if page["withdrawn"]:
        return str(page["withdrawn"]["explanation"])
    if page["retracted_on"]:
        return _("The medical advisory board had approved these words. They were retracted since.")
    if page["review"]["caution"]:
        return f"{_('Caution: not yet approved')}. {page['review']['sentence']}"
    grave = [one for one in page["notices"] if one["kind"] in {NoticeKind.RETRACTION, NoticeKind.CONCERN}]
    if grave:
        return f"{grave[0]['kind_label']}: {grave[0]['text']}"
    sample = f"{_('Written to show this system; not medical advice.')} " if page["sample"] else ""
    return sample + first_sentences(_summary(page))


def _summary(page: dict[str, Any]) -> str:
    bottom = page["bottom"]
    return plain_text(str(bottom["lead"] or bottom["plain_lead"]))


def open_graph(page: dict[str, Any]) -> list[tuple[str, str]]:
    """Properties and their values (Open Graph protocol, ogp.me)."""
    published, modified = _dates(page)
    return [
        ("og:type", "article"),
        ("og:title", title_of(page)),
        ("og:description", description_of(page)),
        ("og:url", page["page"]["canonical_url"]),
        ("og:site_name", page["site"].name),
        ("og:locale", to_locale(settings.LANGUAGE_CODE)),
        *([("article:published_time", published)] if published else []),
        *([("article:modified_time", modified)] if modified else []),
        *(("article:tag", topic["name"]) for topic in page["topics"]),
    ]


def _dates(page: dict[str, Any]) -> tuple[str, str]:
    """When the answer was first published, and when its page last changed for readers."""
    published = [one["published_on"] for one in page["history"] if one["published_on"]]
    reviewed = page["review"]["last_reviewed"]
    changed = [*published, *([reviewed] if reviewed else []), *(one["date"] for one in page["notices"])]
    return (min(published).isoformat() if published else "", max(changed).isoformat() if changed else "")


def linked_data(page: dict[str, Any], *, language: str, keywords: list[str]) -> SafeString | str:
    """The answer as a MedicalWebPage for a script element of the type application/ld+json; empty where it has none."""
    if page["review"]["caution"] or page["withdrawn"] or page["retracted_on"]:
        return ""
    site, review = page["site"], page["review"]
    published, modified = _dates(page)
    address = page["page"]["canonical_url"]
    corrections = [one for one in page["notices"] if one["kind"] in {NoticeKind.MINOR, NoticeKind.CORRECTION}]
    others = [one for one in page["notices"] if one not in corrections]
    home = settings.SITE_URL + reverse("readers:home")
    told = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": page["question"],
        "description": description_of(page),
        "abstract": _summary(page),
        "inLanguage": language,
        "isAccessibleForFree": True,
        "datePublished": published,
        "dateModified": modified,
        "lastReviewed": review["last_reviewed"].isoformat() if review["last_reviewed"] else "",
        "reviewedBy": [_reviewer(one) for one in (*review["reviewers"], *review["renewals"])],
        "creativeWorkStatus": review["sentence"],
        "medicalAudience": [
            {"@type": "MedicalAudience", "audienceType": audience} for audience in AUDIENCES[page["register"]]
        ],
        "author": [_author(one) for one in page["authors"]],
        "publisher": {"@type": "Organization", "name": site.name, "url": home},
        "publishingPrinciples": settings.SITE_URL + reverse("readers:policy"),
        "usageInfo": settings.SITE_URL + reverse("readers:about") + "#disclaimer",
        "version": page["page"]["edition_number"],
        "about": [{"@type": "Thing", "name": topic["name"]} for topic in page["topics"]],
        "keywords": keywords,
        "citation": [_work(card) for card in page["references"]],
        "correction": [_notice(one, "CorrectionComment") for one in corrections],
        "comment": [_notice(one, "Comment") for one in others],
    }
    # Inside the element only "<" could end it or begin a comment.
    text = json.dumps(_kept(told), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return trusted(text)


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def _author(one: dict[str, Any]) -> dict[str, Any]:
    orcid = one.get("orcid", "")
    return _kept(
        {
            "@type": "Person",
            "name": one["name"],
            "honorificSuffix": one.get("credentials", ""),
            "sameAs": f"https://orcid.org/{orcid}" if orcid else "",
        }
    )


def _reviewer(one: dict[str, Any]) -> dict[str, Any]:
    return _kept(
        {
            "@type": "Person",
            "name": one["name"],
            "honorificSuffix": one["credentials"],
            "knowsAbout": one["specialty"],
            "memberOf": {
                "@type": "Organization",
                "name": _("Medical advisory board"),
                "url": settings.SITE_URL + reverse("readers:board"),
            },
        }
    )


def _work(card: dict[str, Any]) -> dict[str, Any]:
    return _kept(
        {
            "@type": TYPES.get(card["form"], "CreativeWork"),
            "name": card["title"],
            "datePublished": str(card["year"] or ""),
            "sameAs": [link["url"] for link in card["links"]],
            "creativeWorkStatus": "" if card["status"] == Status.CURRENT else str(card["status_label"]),
        }
    )


def _notice(one: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "@type": kind,
        "name": str(one["kind_label"]),
        "text": " ".join(filter(None, [one["text"], one["reason"]])),
        "datePublished": one["date"].isoformat(),
    }
