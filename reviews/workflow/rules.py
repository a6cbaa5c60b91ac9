"""The facts of a case and the conditions asked of it: each condition is one plain sentence when it is not met.

The rule table in `reviews/workflow/table.py` names these conditions; buttons and server ask the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles import policy
from articles.models import Article, Edition, Publication, Standing
from people.models import User
from reviews.models import Review, ScheduledPublication, State


@dataclass(frozen=True)
class Case:
    """An edition (or, before its first, an article) with all that the rules ask about it."""

    article: Article
    edition: Edition | None = None
    review: Review | None = None
    publication: Publication | None = None
    public_edition_is_approved: bool = False
    newest_number: int = 0
    contributor_ids: frozenset[int] = field(default_factory=frozenset)
    writer_ids: frozenset[int] = field(default_factory=frozenset)
    judged_by: frozenset[int] = field(default_factory=frozenset)
    objections: tuple[tuple[int, int], ...] = ()
    """The article's open safety objections, each by its key and its member's."""
    scheduled: ScheduledPublication | None = None
    """The publication of this article that waits for its time. Asked for an approved edition, and not by lists."""
    unjustified: tuple[str, ...] = ()
    """What this submission has to justify and does not, in words. Known only where it is made."""

    @property
    def review_state(self) -> str:
        """The edition's review state; empty where there is none."""
        return self.review.state if self.review else ""

    @property
    def standing(self) -> str:
        """The answer's standing towards the public; empty where it never was public."""
        return self.publication.standing if self.publication else ""

    @property
    def is_the_public_edition(self) -> bool:
        return bool(self.publication and self.edition and self.publication.edition_id == self.edition.pk)


Condition = Callable[[Case, User, frozenset[str]], str | None]


def four_eyes(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Nobody judges or releases what they wrote on: the people frozen in the edition, superusers included."""
    if by.pk in case.contributor_ids:
        return _(
            "You wrote on this edition or stand or stood in its byline, so somebody else has to do this (four eyes)."
        )
    return None


def writes_here(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """An author acts on their own articles; an editor on all."""
    if "editor" in roles or by.pk in case.writer_ids:
        return None
    return _("Only an author of this article or an editor can do this.")


def justified(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """What a check asks about is submitted only with a justification, which the board sees."""
    if case.unjustified:
        return _("Say why this may stand: %(what)s.") % {"what": ", ".join(case.unjustified)}
    return None


def newest_edition(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """A replaced edition is past judging."""
    if case.edition and case.edition.number < case.newest_number:
        return _("Edition %(old)d was replaced by edition %(new)d. Please read that one.") % {
            "old": case.edition.number,
            "new": case.newest_number,
        }
    return None


def not_judged_yet(case: Case, by: User, roles: frozenset[str]) -> str | None:
    if by.pk in case.judged_by:
        return _("You have already signed a verdict on this edition.")
    return None


def own_objection(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """A safety objection is withdrawn by the member who made it."""
    if not any(member == by.pk for _pk, member in case.objections):
        return _("You have no open safety objection to this answer.")
    return None


def objection_of_another(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """The chief editor decides on the objections of others."""
    if not any(member != by.pk for _pk, member in case.objections):
        return _("There is no open safety objection of somebody else to this answer.")
    return None


def no_objection(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """What a member objects to for safety is not released."""
    if case.objections:
        return _("A safety objection to this answer is open. It has to be settled first.")
    return None


def approved(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Only an approved edition is published."""
    if case.review_state != State.APPROVED:
        return _("Edition %(number)d is not approved, so it cannot be published.") % {
            "number": case.edition.number if case.edition else 0
        }
    return None


def newer_than_public(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """An approved edition that is or was public is replaced by a newer one only."""
    if case.publication and case.edition and case.public_edition_is_approved:
        public = case.publication.edition.number
        if case.edition.number <= public:
            return _("Edition %(public)d is or was public already; only a newer edition can take its place.") % {
                "public": public
            }
    return None


def in_review(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Caution is for an edition whose review is pending."""
    if case.review_state not in {State.SUBMITTED, State.UNDER_REVIEW}:
        return _("Only an edition whose review is pending can be released with caution.")
    return None


def policy_allows_caution(case: Case, by: User, roles: frozenset[str]) -> str | None:
    if case.review and not policy.read(case.review.policy).caution_allowed:
        return _("The policy of this review does not allow a release with caution.")
    return None


def no_approved_edition_public(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """A release with caution never replaces an approved edition."""
    if case.standing in {Standing.LIVE, Standing.WITHDRAWN} or case.public_edition_is_approved:
        return _("An approved edition is or was public. A release with caution never takes its place.")
    return None


def is_public_edition(case: Case, by: User, roles: frozenset[str]) -> str | None:
    if not case.is_the_public_edition:
        return _("This edition is not the public one.")
    return None


def nothing_scheduled(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """One publication at a time waits for an answer."""
    if case.scheduled:
        return _("Edition %(number)d is to be published at a time already. Cancel that first.") % {
            "number": case.scheduled.edition.number
        }
    return None


def is_scheduled(case: Case, by: User, roles: frozenset[str]) -> str | None:
    if case.scheduled is None or case.edition is None or case.scheduled.edition_id != case.edition.pk:
        return _("No publication of this edition waits for its time.")
    return None


def not_retracted(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """What was retracted never comes back as good."""
    if case.publication and case.publication.is_retracted:
        return _("Edition %(number)d was retracted. Only a newer approved edition can take its place.") % {
            "number": case.publication.edition.number
        }
    return None
