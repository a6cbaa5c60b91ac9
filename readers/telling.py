"""A public answer as plain data with all that must go along: for the API and for the answer as Markdown.

Nothing is rendered here. What was frozen is read from its verified bytes, and what stands before the text on the page
(withdrawal, retraction, notices, caution) comes from the same function that the page is made of.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import composing, editions, publishing, site
from articles.editions import Frozen
from articles.models import Edition, FormerSlug, Publication, Site, Standing
from readers.frame import Reader


class Moved(Exception):
    """The answer has another address now: `slug`."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Gone(Exception):
    """The answer was withdrawn or left the public; `sentence` says what happened."""

    def __init__(self, publication: Publication, sentence: str) -> None:
        super().__init__(sentence)
        self.publication = publication
        self.sentence = sentence


@dataclass(frozen=True)
class Told:
    """One edition of an answer for one reader. `page` is what its page shows (see `composing.shown`)."""

    publication: Publication
    frozen: Frozen
    page: dict[str, Any]
    texts: Site
    topics: tuple[tuple[str, str], ...]
    """Slug and name."""
    is_current: bool

    @property
    def caution(self) -> str:
        return caution_of(self.page["review"]["caution"])

    @property
    def sample(self) -> str:
        return sample_of(self.page["sample"])


def caution_of(pending: bool) -> str:
    """What the page says at its top while the board has not approved the text; empty where it has."""
    if not pending:
        return ""
    return _(
        "The medical advisory board has not finished its review of this answer. It may be wrong and it may "
        "change: do not decide about care by it alone."
    )


def sample_of(is_sample: bool) -> str:
    """What the page says of a text that only shows this system; empty for all others."""
    return _("Written to show this system; not medical advice.") if is_sample else ""


def note_of(*, no_plain_text: bool, plain_lead_only: bool) -> str:
    """What the page says to plain readers where there is no text, or only a bottom line, in plain words."""
    if no_plain_text and not plain_lead_only:
        return _(
            "This answer has no text in plain words yet. What follows was written for health professionals; a "
            "pharmacist, nurse or doctor can go through it with you."
        )
    if plain_lead_only:
        return _(
            "The bottom line above is in plain words. The rest of this answer has no plain text yet: it was written "
            "for health professionals, and a pharmacist, nurse or doctor can go through it with you."
        )
    return ""


def publication_of(slug: str) -> Publication:
    """The answer that is or was public at this address, with its edition. Raises Moved, and Http404 for all else."""
    publication = Publication.objects.known().select_related("edition").filter(slug=slug).first()
    if publication:
        return publication
    former = FormerSlug.objects.filter(slug=slug).values_list("article__publication__slug", flat=True).first()
    if former:
        raise Moved(former)
    raise Http404


def answer(slug: str, reader: Reader, *, also_withdrawn: bool = False) -> Told:
    """The public edition of an answer. Raises Moved, Gone and Http404, and editions.Altered as the pages do."""
    publication = publication_of(slug)
    if publication.standing == Standing.LEFT or (publication.standing == Standing.WITHDRAWN and not also_withdrawn):
        raise Gone(publication, what_happened(publication))
    return _told(publication, publication.edition, reader)


def edition(slug: str, number: int, reader: Reader) -> Told:
    """An edition as its permanent address shows it, of a withdrawn answer, too. Raises what `answer` raises."""
    publication = publication_of(slug)
    if publication.standing == Standing.LEFT:
        raise Gone(publication, what_happened(publication))
    entry = next((one for one in publication.statement["editions"] if one["number"] == number), None)
    if entry is None:
        raise Http404
    if not entry["readable"]:
        raise Gone(publication, _review(publication.statement | entry["statement"], Standing.LEFT.value)["sentence"])
    if entry["edition"] == publication.edition_id:
        return _told(publication, publication.edition, reader, entry=entry)
    return _told(publication, Edition.objects.get(pk=entry["edition"]), reader, entry=entry)


def what_happened(publication: Publication) -> str:
    """Why the text of this answer is not given: the words of its withdrawal, or what the board or its authors did."""
    if publication.withdrawn_at:
        return publication.explanation
    return str(_review(publication.statement, publication.standing)["sentence"])


def review_of(publication: Publication) -> dict[str, Any]:
    """The review of the public edition as its page tells of it."""
    return _review(publication.statement, publication.standing)


def _review(statement: dict[str, Any], standing: str) -> dict[str, Any]:
    return composing.review_of(statement, standing=standing, searched_on="", today=_now().date())


def _told(publication: Publication, row: Edition, reader: Reader, *, entry: dict[str, Any] | None = None) -> Told:
    frozen = editions.read(row)
    texts = site.current()
    topics = list(publication.topics.all())
    overlay = publishing.overlay_of(publication, frozen, topics, texts, at=_now())
    if entry and row.pk != publication.edition_id:
        overlay = publishing.beside_edition(overlay, entry, frozen)
    kind = "edition" if entry else composing.kind_of(frozen, overlay)
    return Told(
        publication=publication,
        frozen=frozen,
        page=composing.shown(frozen, overlay, kind=kind, reader=reader.audience),
        texts=texts,
        topics=overlay.topics,
        is_current=row.pk == publication.edition_id,
    )


def _now() -> datetime.datetime:
    return timezone.now()
