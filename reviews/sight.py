"""Independent judgement: who knows what others judge and ask while a round is open whose policy keeps them apart."""

from __future__ import annotations

from django.db.models import Q

from articles import circle, editions, policy
from articles.models import Article, Edition
from people.models import Role, User
from reviews.models import OPEN_STATES, Review, State, Transition, Verdict
from reviews.namesakes import name_key, unlinked_names

TELLING = frozenset({"give-verdict", "safety-objection", "resolve-objection", "overrule-objection"})
"""Moves of an open round that say what somebody judged."""


def sees_verdicts(review: Review | None, person: User, roles: frozenset[str]) -> bool:
    """Whether this person may see what others signed in the round.

    While an independent round goes on, only members who have signed in it see that, and editors without a seat on the
    board who wrote nothing of it: nobody who may still judge, and no author.
    """
    if review is None or not is_apart(review) or _has_signed(review, person):
        return True
    is_editor = Role.EDITOR.value in roles and Role.BOARD_MEMBER.value not in roles
    return is_editor and not wrote(review.edition, person)


def closed_round(article: Article, person: User, roles: frozenset[str]) -> Review | None:
    """The newest round of an article, where this person may not see what is signed in it; else None."""
    rows = Review.objects.filter(article=article).select_related("edition__article__owner")
    review = rows.order_by("-edition__number").first()
    return None if sees_verdicts(review, person, roles) else review


def wrote(edition: Edition, person: User) -> bool:
    """Whether this person wrote on the edition, stands in its byline (if only by name), or writes on its article."""
    frozen = editions.read(edition)
    is_named = person.pk in frozen.contributor_ids or name_key(person.name) in unlinked_names(frozen)
    return is_named or circle.writes(person, edition.article)


INVITING = frozenset(
    {
        "invite",
        "accept-invitation",
        "decline-invitation",
        "hand-over-invitation",
        "withdraw-invitation",
        "extend-invitation",
    }
)
"""Moves of invitations: who was asked, and why somebody declined, is for editors."""


def hidden_moves(roles: frozenset[str]) -> frozenset[str]:
    """The moves of the record of which somebody with these roles is not told."""
    return frozenset() if Role.EDITOR.value in roles else INVITING | {"give-up"}


def judges_apart(review: Review | None, person: User, roles: frozenset[str]) -> bool:
    """Whether this board member has to come to a verdict without knowing what the others ask of the edition.

    Authors, who have to answer it, and editors see all that is asked; so does a member who wrote on it: ask that
    besides. Whoever judges apart sees no verdict either (`sees_verdicts`).
    """
    return is_apart(review) and Role.BOARD_MEMBER.value in roles and not _has_signed(review, person)


def is_apart(review: Review | None) -> bool:
    """Whether the round goes on and its policy keeps those who judge in it apart.

    Pulled back, it may go on with the same words and what was signed on them, until there is a newer edition.
    """
    if review is None or not policy.read(review.policy).independent:
        return False
    if review.state == State.PULLED_BACK:
        return not Edition.objects.filter(article=review.article_id, number__gt=review.edition.number).exists()
    return review.state in OPEN_STATES


def _has_signed(review: Review | None, person: User) -> bool:
    """Whether this person gave their verdict. A safety objection is none: once it is settled, they may sign one."""
    if review is None:
        return False
    rows = Verdict.objects.filter(edition=review.edition_id, member=person.pk)
    return rows.exclude(kind=Verdict.Kind.SAFETY_OBJECTION).exists()


def is_told_by(row: Transition) -> bool:
    """Whether a row of the record says what somebody judged in a round that goes on."""
    return row.move in TELLING or row.verdict_id is not None


def that_tell() -> Q:
    """The same as a condition on rows of the record."""
    return Q(move__in=TELLING) | Q(verdict__isnull=False)
