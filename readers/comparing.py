"""Any two public editions of an answer compared, in the words that the reader gets."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles import editions
from articles.comparing import compare_as_read
from articles.models import Edition, Publication, Standing
from articles.notices import of_answer
from readers.answers import moved
from readers.frame import Reader, public_page, rendered
from readers.listing import mark_of, question_of

LONGEST_NUMBER = 6
"""Digits: no answer has more editions."""


@public_page
def compare(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """What changed from edition `?old=` to `?new=`; without them, from the last but one to the newest.

    404 for an edition that is not public, or never was. Raises editions.Altered where bytes are not what was frozen.
    """
    publication = Publication.objects.readable().filter(slug=slug).first()
    if publication is None:
        return moved(request, slug)
    public = {entry["number"]: entry for entry in publication.statement["editions"] if entry["readable"]}
    newest = max(public)
    new = _number(request.GET.get("new", str(newest)), public)
    before = max((number for number in public if number < new), default=new)
    old = _number(request.GET.get("old", str(before)), public)
    rows = Edition.objects.in_bulk([public[number]["edition"] for number in {old, new}])
    was, now = (editions.read(rows[public[number]["edition"]]) for number in (old, new))
    return rendered(
        "readers/compare.html",
        reader,
        path=reverse("readers:compare", args=[slug]),
        canonical={"old": str(old), "new": str(new)} if old != new else None,
        noindex=True,
        question=question_of(publication, reader),
        publication=publication,
        mark=mark_of(publication),
        is_caution=publication.standing == Standing.CAUTION,
        notices=of_answer(publication),
        answer_url=reverse("readers:answer", args=[slug]) + reader.carry,
        editions=sorted(public),
        old=old,
        new=new,
        notes=[public[number] for number in sorted(public) if min(old, new) < number <= max(old, new)],
        comparison=compare_as_read(was, now, reader.audience) if old != new else None,
        only_marks=was.source != now.source,
    )


def _number(word: str, public: dict[int, Any]) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER and int(word) in public):
        raise Http404
    return int(word)
