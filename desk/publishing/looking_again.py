"""Public answers to look at again, because a work that they cite was retracted or doubted: the list, the closing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import editions, flagged
from articles.markup.door import CITE_MARK
from articles.models import Article, Edition
from desk.reviewing.flags import Flag, flag_of
from references.models import Reference
from reviews.models import ReReview

LONGEST = 2000


class CloseForm(forms.Form):
    """What was decided. One for each entry, so that each has its own field."""

    decision = forms.CharField(
        label=_("What was decided"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a sentence. It stays with the answer, with your name and the date."),
        error_messages={"required": _("Say in a sentence what was decided: it stays with the answer.")},
    )

    def __init__(self, entry: ReReview, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"entry-{entry.pk}")


@dataclass(frozen=True)
class Entry:
    """One entry with the work, what is known against it, and where the edition cites it."""

    row: ReReview
    work: Reference
    flag: Flag
    number: int | None
    """Of the reference in the edition."""
    places: tuple[str, ...]
    """Where the text for a reader who has not said who they are cites it: anchors of the public page."""
    form: CloseForm

    @property
    def is_lifted(self) -> bool:
        """Whether somebody found meanwhile that the flag does not hold."""
        return self.row.event.dismissed_at is not None


def entries_of(article: Article, *, tried: CloseForm | None = None, closing: ReReview | None = None) -> list[Entry]:
    """All entries of an answer, oldest first; `tried` is the form of the entry `closing` as it was sent."""
    rows = ReReview.objects.filter(article=article).select_related("event__reference", "closed_by", "edition")
    found = list(rows.prefetch_related("event__reports"))
    cited = {edition.pk: _cited(edition) for edition in {row.edition_id: row.edition for row in found}.values()}
    entries = []
    for row in found:
        number, places = cited[row.edition_id].get(row.event.reference_id, (None, ()))
        form = tried if tried and closing and closing.pk == row.pk else CloseForm(row)
        entries.append(Entry(row, row.event.reference, flag_of(row.event), number, places, form))
    return entries


def _cited(edition: Edition) -> dict[int, tuple[int, tuple[str, ...]]]:
    """The rows of the library that an edition cites, each with its number and the anchors of its places."""
    frozen = editions.read(edition)
    anchors: dict[str, list[str]] = defaultdict(list)
    for html in (frozen.frozen["lead"], frozen.frozen["plain_lead"], frozen.text_for("general")["html"]):
        for mark in CITE_MARK.finditer(html):
            anchors[mark["number"]].append(mark["id"])
    rows = frozen.frozen["references"]
    today = flagged.today(row["key"] for row in rows)
    return {
        today[row["key"]].pk: (row["number"], tuple(anchors[str(row["number"])])) for row in rows if row["key"] in today
    }
