"""What a notice says: to the record, to readers in a line, and to pages as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Edition, Notice, NoticeKind, Publication

GRAVEST_FIRST = (NoticeKind.RETRACTION, NoticeKind.CONCERN, NoticeKind.CORRECTION, NoticeKind.MINOR)


def recorded(notice: Notice) -> str:
    """The words of the transition that tells of a notice: all that it says, so that a change of it shows."""
    said = [f"{notice.kind}: {notice.text}"]
    if notice.reason:
        said.append(f"Reason: {notice.reason}")
    if notice.asked_by:
        said.append(f"Asked for by: {notice.asked_by}")
    if notice.corrects:
        said.append(f"Corrects edition {notice.corrects.number}")
    return "\n".join(said)


def in_a_line(notice: Notice) -> str:
    """The notice where there is one line for it: kind, day, words, reason and who asked."""
    day = date_format(notice.at.date(), "j F Y")
    said = [f"{notice.get_kind_display()} ({day}): {notice.text}"]
    if notice.reason:
        said.append(_("Reason: %(reason)s") % {"reason": notice.reason})
    if notice.asked_by:
        said.append(_("Asked for by: %(who)s") % {"who": notice.asked_by})
    return " ".join(said)


def of_page(rows: Iterable[Notice]) -> tuple[dict[str, Any], ...]:
    """The notices as a page takes them, the gravest first. `about` is the edition with the mistake, `after` the one
    that put it right, both by their numbers; `after` is None where there is none."""
    return tuple(
        {
            "kind": row.kind,
            "kind_label": row.get_kind_display(),
            "text": row.text,
            "reason": row.reason,
            "asked_by": row.asked_by,
            "date": row.at.date(),
            "about": row.corrects.number if row.corrects else row.edition.number,
            "after": row.edition.number if row.corrects else None,
        }
        for row in sorted(rows, key=lambda row: GRAVEST_FIRST.index(NoticeKind(row.kind)))
    )


def of_answer(publication: Publication) -> tuple[dict[str, Any], ...]:
    """The notices on an answer as a page takes them. One query."""
    return of_page(Notice.objects.filter(article=publication.article_id).select_related("edition", "corrects"))


def marks(publication: Publication) -> list[str]:
    """What must go along with anything taken from a public answer: its withdrawal and its notices, each in a line."""
    said = []
    if publication.withdrawn_at:
        day = date_format(publication.withdrawn_at.date(), "j F Y")
        said.append(_("Withdrawn (%(day)s): %(why)s") % {"day": day, "why": publication.explanation})
    said += [in_a_line(row) for row in Notice.objects.filter(article=publication.article_id)]
    return said


def is_retracted(edition: Edition) -> bool:
    """Whether a retraction stands against this very edition. A newer one may take its place."""
    return Notice.objects.filter(edition=edition, kind=NoticeKind.RETRACTION).exists()
