"""Who is told of a move: one piece of news to each person concerned, with a link to the page where they act."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Contributor
from people.models import Kind, Role, User
from people.notifying import notify
from reviews.models import Transition, Verdict

SUBMITTED = {"submit"}
DECIDED = {"approve", "request-changes", "decline"}
QUIET = {"import", "sample"}
PUBLISHED = {"publish", "release-with-caution", "withdraw", "lift-caution", "leave"}


def tell(row: Transition) -> None:
    """Tell of one transition, inside its transaction. Imports and samples tell nobody."""
    if row.via in QUIET:
        return
    said = _words(row)
    if said is None:
        return
    kind, subject, sentence, address = said
    notify(
        _concerned(row),
        kind=kind,
        about=f"transition:{row.number}",
        sentence=sentence,
        address=address,
        subject=subject,
        detail=row.reason,
    )


def _words(row: Transition) -> tuple[Kind, str, str, str] | None:
    """Kind, subject, sentence and the path of the page where something can be done; None where nobody is told."""
    names = {"question": row.edition.question, "number": row.edition.number, "by": row.by_name}
    review_page = reverse("desk:review", args=[row.edition_id])
    if row.move in SUBMITTED:
        return (
            Kind.SUBMITTED,
            _("For review: %(question)s") % names,
            _("%(by)s submitted edition %(number)d of “%(question)s”. It waits for a board member.") % names,
            review_page,
        )
    if row.move in DECIDED:
        said = {
            "approve": _("%(by)s approved edition %(number)d of “%(question)s”."),
            "request-changes": _("%(by)s asked for changes in edition %(number)d of “%(question)s”."),
            "decline": _("%(by)s declined edition %(number)d of “%(question)s”."),
        }[row.move]
        return Kind.DECIDED, _("Decision: %(question)s") % names, said % names, review_page
    if row.move in PUBLISHED:
        said = {
            "publish": _("Edition %(number)d of “%(question)s” is now public."),
            "release-with-caution": _("Edition %(number)d of “%(question)s” is now public with a caution."),
            "withdraw": _("“%(question)s” was withdrawn by %(by)s."),
            "lift-caution": _("Edition %(number)d of “%(question)s” is public and approved: the caution is gone."),
            "leave": _("Edition %(number)d of “%(question)s” is no longer public."),
        }[row.move]
        publishing_page = reverse("desk:publishing", args=[row.article_id])
        return Kind.PUBLISHED, _("Published: %(question)s") % names, said % names, publishing_page
    return None


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
