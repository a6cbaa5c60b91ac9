"""What one reader gets beside what another gets: the adapted text and the professional one, both as signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import editions, flagged
from articles.audiences import BY_SLUG, GENERAL
from articles.editions import Frozen
from articles.markup.door import trusted
from articles.models import Publication, Standing
from articles.notices import of_answer
from articles.quoting import quoted
from readers.answers import moved
from readers.frame import Reader, public_page, rendered
from readers.listing import mark_of, question_of

PATIENT = "patient"


@public_page
def texts(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """Two texts of the live edition: this reader's, and the professional one; for professionals, the plain one.

    404 for an answer that is not public. Raises editions.Altered where bytes are not what was frozen.
    """
    publication = Publication.objects.readable().select_related("edition").filter(slug=slug).first()
    if publication is None:
        return moved(request, slug)
    frozen = editions.read(publication.edition)
    status = flagged.statuses(frozen)
    other = "" if reader.is_plain else PATIENT
    address = reverse("readers:answer", args=[slug])
    mine, theirs = (_text(frozen, status, audience, address) for audience in (reader.audience, other))
    return rendered(
        "readers/texts.html",
        reader,
        path=reverse("readers:texts", args=[slug]),
        noindex=True,
        question=question_of(publication, reader),
        answer_url=address + reader.carry,
        mark=mark_of(publication),
        explanation=publication.explanation,
        is_caution=publication.standing == Standing.CAUTION,
        notices=of_answer(publication),
        state=mark_of(publication) or publication.statement["state"],
        number=publication.edition.number,
        columns=[mine, theirs],
        are_the_same=mine["html"] == theirs["html"] and mine["lead"] == theirs["lead"],
    )


def _text(frozen: Frozen, status: dict[str, str], audience: str, address: str) -> dict[str, Any]:
    """The bottom line and the text that an audience gets, with what it is called."""
    reader = Reader(audience)
    is_plain = reader.is_plain and bool(frozen.frozen["plain_lead"])
    lead, bottom = ("plain_lead", "plain_bottom_line") if is_plain else ("lead", "bottom_line")

    def shown(html: str) -> Any:
        return trusted(quoted(flagged.at_the_numbers(html, status, frozen), address + reader.carry))

    return {
        "label": _("Adapted for %(readers)s") % {"readers": _(BY_SLUG[audience].adapted)}
        if audience
        else _("The professional text"),
        "heading": frozen.source[bottom]["heading"],
        "lead": shown(frozen.frozen[lead]),
        "html": shown(frozen.text_for(audience or GENERAL)["html"]),
    }
