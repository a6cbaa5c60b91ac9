"""Who is told of a move: one message to each person concerned, with a link to the page where they act."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Contributor
from people import outbox
from people.models import Role, User
from reviews.models import Transition, Verdict

SUBMITTED = {"submit"}
DECIDED = {"approve", "request-changes", "decline"}
QUIET = {"import", "sample"}
PUBLISHED = {"publish", "release-with-caution", "withdraw", "lift-caution", "leave"}


def tell(row: Transition) -> None:
    """Post the messages of one transition, inside its transaction. Imports and samples tell nobody."""
    if row.via in QUIET:
        return
    subject, text, where = _words(row)
    if not subject:
        return
    address = settings.SITE_URL + where
    for person in _concerned(row):
        outbox.post(
            key=f"transition:{row.number}:{person.pk}",
            to=person.email,
            subject=subject,
            text=f"{text}\n\n{address}\n",
        )


def _words(row: Transition) -> tuple[str, str, str]:
    """Subject, text and the path of the page where something can be done; an empty subject for no message."""
    names = {"question": row.edition.question, "number": row.edition.number, "by": row.by_name}
    review_page = reverse("desk:review", args=[row.edition_id])
    reason = f"\n\n{row.reason}" if row.reason else ""
    if row.move in SUBMITTED:
        return (
            _("For review: %(question)s") % names,
            _("%(by)s submitted edition %(number)d of “%(question)s”. It waits for a board member.") % names + reason,
            review_page,
        )
    if row.move in DECIDED:
        said = {
            "approve": _("%(by)s approved edition %(number)d of “%(question)s”."),
            "request-changes": _("%(by)s asked for changes in edition %(number)d of “%(question)s”."),
            "decline": _("%(by)s declined edition %(number)d of “%(question)s”."),
        }[row.move]
        return _("Decision: %(question)s") % names, said % names + reason, review_page
    if row.move in PUBLISHED:
        said = {
            "publish": _("Edition %(number)d of “%(question)s” is now public."),
            "release-with-caution": _("Edition %(number)d of “%(question)s” is now public with a caution."),
            "withdraw": _("“%(question)s” was withdrawn by %(by)s."),
            "lift-caution": _("Edition %(number)d of “%(question)s” is public and approved: the caution is gone."),
            "leave": _("Edition %(number)d of “%(question)s” is no longer public."),
        }[row.move]
        publishing_page = reverse("desk:publishing", args=[row.article_id])
        return _("Published: %(question)s") % names, said % names + reason, publishing_page
    return "", "", ""


def _concerned(row: Transition) -> Iterable[User]:
    """On submission the board (less those who wrote on it) and the editors; on a decision authors and editors; on
    publication authors, editors and who signed. Whoever made the move knows of it already."""
    writers = set(Contributor.objects.filter(article=row.article_id).values_list("user_id", flat=True))
    editors = set(User.objects.acting_as(Role.EDITOR).values_list("pk", flat=True))
    if row.move in SUBMITTED:
        board = set(User.objects.acting_as(Role.BOARD_MEMBER).values_list("pk", flat=True))
        concerned = (board - writers) | editors
    else:
        concerned = writers | editors
    if row.move in PUBLISHED:
        concerned |= set(Verdict.objects.filter(edition=row.edition_id).values_list("member_id", flat=True))
    return User.objects.filter(pk__in=concerned - {row.by_id}, is_active=True).order_by("pk")
