"""Declaring interests: the one door to a declaration, whose is in date, and what the public reads of it."""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Category, Declaration, User
from people.models.interests import months_before
from people.words import typed

VALID_MONTHS = 12
"""For how long a declaration is in date."""
LONGEST = 1_000
"""Characters of one entry."""
TWICE = datetime.timedelta(minutes=1)
"""Within this time the same words are the same tap, sent twice."""

ASKED = {
    Category.GRANTS: gettext_lazy("Money for research, to you or to the place where you work."),
    Category.ROYALTIES: gettext_lazy("Income from books, tests, devices or anything else you made."),
    Category.CONSULTING: gettext_lazy("Paid advice to a company or another body."),
    Category.SPEAKING: gettext_lazy("Paid lectures, courses, presentations or manuscripts."),
    Category.TESTIMONY: gettext_lazy("Paid statements in court or for a lawyer."),
    Category.TRAVEL: gettext_lazy("Journeys, lodging or fees of a meeting that somebody else paid."),
    Category.PATENTS: gettext_lazy("Planned, filed or granted."),
    Category.OVERSIGHT: gettext_lazy("Advisory boards, and boards that watch over the data or safety of a trial."),
    Category.OFFICES: gettext_lazy("In a board, society, committee or campaign, paid or not."),
    Category.SHARES: gettext_lazy("In a company whose business an answer could touch."),
    Category.GIFTS: gettext_lazy("Equipment, drugs, help with writing or anything else of worth."),
    Category.OTHER: gettext_lazy("Employment, family, beliefs: whatever a reader would want to know."),
}
"""The categories that the form asks about, with what belongs to each."""


def declare(person: User, entries: Mapping[str, str], *, at: datetime.datetime | None = None) -> Declaration:
    """Keep what a person declares now: words by category; none at all is nothing to declare.

    The same declaration twice within a minute is one tap sent twice, and kept once.
    """
    at = at or timezone.now()
    said = [
        {"category": one.value, "text": clean}
        for one in Category
        if (clean := unicodedata.normalize("NFC", " ".join(typed(entries.get(one.value, "")).split())))
    ]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        newest = current(person)
        if newest and newest.entries == said and abs(at - newest.at) < TWICE:
            return newest
        row = Declaration(
            person=person,
            at=at,
            renew_by=months_before(timezone.localdate(at), -VALID_MONTHS),
            entries=said,
            sentence=sentence_of(said),
        )
        row.digest = digest_of(row)
        row.save(force_insert=True)
    return row


def renew(person: User) -> Declaration | None:
    """Declare once more what the newest declaration says; None where there is none."""
    newest = current(person)
    return declare(person, {one["category"]: one["text"] for one in newest.entries}) if newest else None


def current(person: User) -> Declaration | None:
    """The newest declaration of a person, in date or not."""
    return Declaration.objects.filter(person=person).order_by("-at", "-pk").first()


def in_date(people: Iterable[int] | None = None, *, today: datetime.date | None = None) -> frozenset[int]:
    """The people (of these, where some are named) whose declaration is in date."""
    rows = Declaration.objects.filter(renew_by__gte=today or timezone.localdate()).order_by()
    if people is not None:
        rows = rows.filter(person__in=people)
    return frozenset(rows.values_list("person", flat=True))


def sentence_of(entries: Iterable[Mapping[str, str]]) -> str:
    """What the public reads: "Fees for advice: Alpha Ltd, 2025. Patents: none granted yet." Empty for no entry.

    What was declared earlier in free words stands as it was written.
    """
    parts = []
    for one in entries:
        text = one["text"] if one["text"].endswith((".", "!", "?")) else one["text"] + "."
        if one["category"] == Category.EARLIER:
            parts.append(text)
        else:
            parts.append(_("%(what)s: %(text)s") % {"what": Category(one["category"]).label, "text": text})
    return " ".join(parts)


def digest_of(row: Declaration) -> str:
    """SHA-256 of everything that a declaration says."""
    said = {
        "person": row.person_id,
        "at": row.at.astimezone(datetime.UTC).isoformat(),
        "renew_by": row.renew_by.isoformat(),
        "entries": row.entries,
        "sentence": row.sentence,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def same_institution(person: User, others: Iterable[User]) -> str:
    """The names of those others who work where this person works; empty where nobody does."""
    here = _folded(person.institution)
    names = [other.name for other in others if here and other.pk != person.pk and _folded(other.institution) == here]
    return get_text_list(names, _("and")) if names else ""


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
