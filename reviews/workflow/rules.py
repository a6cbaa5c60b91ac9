"""The facts of a case and the conditions asked of it: each condition is one plain sentence when it is not met.

The rule table in `reviews/workflow/table.py` names these conditions; buttons and server ask the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import policy
from articles.models import Article, Edition, Publication, Standing
from people.models import User
from reviews import editorial
from reviews.models import IN_HAND, OPEN, Grade, Review, ScheduledPublication, State, Step
from reviews.namesakes import name_key


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
    unlinked_names: frozenset[str] = field(default_factory=frozenset)
    """The names, as `name_key` has them, of those in the byline who have no account."""
    judged_by: frozenset[int] = field(default_factory=frozenset)
    """The members whose verdict on the edition stands: an objection that was settled is none."""
    objected_by: frozenset[int] = field(default_factory=frozenset)
    """Those who objected to the edition for safety, settled or not."""
    gave_up: frozenset[int] = field(default_factory=frozenset)
    """Those who took part in this round without an invitation and gave it up."""
    had_a_say: frozenset[int] = field(default_factory=frozenset)
    """Those who set another's part in this round, withdrew an invitation to it, or decided on an objection."""
    objections: tuple[tuple[int, int], ...] = ()
    """The article's open safety objections, each by its key and its member's."""
    is_editorial: bool = False
    """Whether this submission says of itself that it is an editorial fix."""
    scheduled: ScheduledPublication | None = None
    """The publication of this article that waits for its time. Asked for an approved edition, and not by lists."""
    declared: frozenset[int] = field(default_factory=frozenset)
    """The board members whose declaration of interests is in date."""
    stated: frozenset[int] = field(default_factory=frozenset)
    """Those who said which interests they have in this article, for this round."""
    parts: Mapping[int, str] = field(default_factory=dict)
    """The grades of those members for whom one was set."""
    invited: Mapping[int, str] = field(default_factory=dict)
    """The state of the newest invitation of each member who was invited to this round, while it is open."""
    is_taken_up: bool = False
    """Asks as if the round, which waits to be taken up, were under review: of whoever takes it up by signing."""
    unjustified: tuple[str, ...] = ()
    """What this submission has to justify and does not, in words. Known only where it is made."""
    unanswered: int = 0
    """Comments of the board on the newest edition that no author has answered."""

    @property
    def review_state(self) -> str:
        """The edition's review state; empty where there is none."""
        if self.is_taken_up:
            return State.UNDER_REVIEW
        return self.review.state if self.review else ""

    @property
    def standing(self) -> str:
        """The answer's standing towards the public; empty where it never was public."""
        return self.publication.standing if self.publication else ""

    @property
    def is_the_public_edition(self) -> bool:
        return bool(self.publication and self.edition and self.publication.edition_id == self.edition.pk)

    def of_the_article(self) -> Case:
        """The same article's case without an edition: what the next one is asked about."""
        nobody: frozenset[int] = frozenset()
        return replace(
            self,
            edition=None,
            review=None,
            contributor_ids=nobody,
            unlinked_names=frozenset(),
            judged_by=nobody,
            objected_by=nobody,
            gave_up=nobody,
            had_a_say=nobody,
            objections=(),
            scheduled=None,
            stated=nobody,
            invited={},
        )

    def takes_part(self, member: int) -> bool:
        """Whether a member who did not sign yet is in the round: by an invitation that they accepted, or by a claim."""
        state = self.invited.get(member)
        return state == Step.ACCEPTED or (state is None and self.claims(member))

    def claims(self, member: int) -> bool:
        """Whether a member is in the round without an invitation: they took it up, or stated interests in it since."""
        in_it = member in self.stated and self.parts.get(member, Grade.FULL) == Grade.FULL
        ended = member in self.gave_up or member in self.invited
        return in_it and not ended and self.review_state == State.UNDER_REVIEW


Condition = Callable[[Case, User, frozenset[str]], str | None]


def four_eyes(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Nobody judges or releases what they wrote on: the people frozen in the edition, superusers included.

    A name in the byline that has no account is taken for the person of that name.
    """
    if by.pk in case.contributor_ids:
        return _(
            "You wrote on this edition or stand or stood in its byline, so somebody else has to do this (four eyes)."
        )
    return _namesake(case, by)


def _namesake(case: Case, by: User) -> str | None:
    if name_key(by.name) in case.unlinked_names:
        return _(
            "Your name stands in the byline of this edition, so somebody else has to do this (four eyes). If that is "
            "another person, an author can write the name there more fully."
        )
    return None


def judges_nothing_here(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Whoever judges in a round has no say in who else does."""
    if by.pk in case.judged_by or case.takes_part(by.pk):
        return _("You judge in this round yourself, so another editor has to do this.")
    return None


def decides_on_no_peer(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Whoever judges in a round does not set aside what another member objects to."""
    if by.pk in case.judged_by or case.takes_part(by.pk):
        return _("You judge in this round yourself, so another chief editor has to decide on the objection.")
    return None


def had_no_say(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Whoever had a say in who judges in a round, or in what counts, does not judge in it after that."""
    if by.pk in case.had_a_say:
        return _(
            "You decided in this round who judges or what counts: you set a part, withdrew an invitation or decided on "
            "an objection. So others judge in it."
        )
    return None


def never_wrote_here(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Whoever says that all of an answer still stands has written none of it, in whichever edition."""
    if by.pk in case.contributor_ids | case.writer_ids:
        return _("You wrote on this answer, so somebody else has to review it again (four eyes).")
    return _namesake(case, by)


def not_excluded(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Who was excluded from the reviews of an article has no hand in it, unless they write on it."""
    if case.parts.get(by.pk) == Grade.EXCLUDED and by.pk not in case.writer_ids:
        return excluded_sentence()
    return None


def excluded_sentence() -> str:
    """What somebody reads who was excluded."""
    return _("You take no part in the review of this answer, so it is closed to you. An editor can change that.")


def may_vote(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Only full members of the round decide."""
    if case.parts.get(by.pk) == Grade.NO_VOTE:
        return _("You may discuss this answer but not vote on it. An editor can change that.")
    return not_excluded(case, by, roles)


def declaration_in_date(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """No review is taken up without a declaration of interests of the last year."""
    if by.pk not in case.declared:
        return _("Your declaration of interests is missing or overdue. Please renew it first.")
    return None


def invited(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Only the member who is invited accepts, once."""
    state = case.invited.get(by.pk)
    if state is None:
        return _("You are not invited to this review.")
    if state == Step.ACCEPTED:
        return _("You have accepted this invitation already.")
    return not_given_up(case, by, roles)


def invitation_in_hand(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Only an invitation that one has is declined, accepted before or not."""
    if case.invited.get(by.pk) == Step.ACCEPTED:
        return None
    return invited(case, by, roles)


def invitation_accepted(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Who accepted hands over."""
    state = case.invited.get(by.pk)
    if state == OPEN:
        return _("Accept the invitation first, or decline it.")
    return None if state == Step.ACCEPTED else invited(case, by, roles)


def somebody_is_invited(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """An editor changes an invitation of which something is still expected."""
    if not any(state in IN_HAND and member not in case.judged_by for member, state in case.invited.items()):
        return _("No invitation to this review waits for an answer or a verdict.")
    return None


def not_given_up(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Whose invitation ended takes part again only when an editor invites them again."""
    said = {
        Step.DECLINED.value: _("You declined the invitation to this review. An editor can invite you again."),
        Step.HANDED_OVER.value: _("You handed this review over. An editor can invite you again."),
        Step.WITHDRAWN.value: _("Your invitation to this review was withdrawn. An editor can invite you again."),
    }
    sentence = said.get(case.invited.get(by.pk, ""))
    if sentence is None and by.pk not in case.invited and by.pk in case.gave_up:
        return _("You gave this review up. An editor can invite you to it.")
    return sentence


def claimed(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Who takes part without an invitation gives it up."""
    if by.pk in case.invited:
        return _("You are invited to this review: decline the invitation or hand it over.")
    if not case.claims(by.pk):
        return not_given_up(case, by, roles) or _("You take no part in this review.")
    return None


def takes_part(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Only who accepted an invitation, or claimed a part without one, signs.

    A claim is to take up the round, or to state one's interests in one that was taken up: `interests_stated`.
    """
    if case.invited.get(by.pk) == OPEN:
        return _("You are invited to this review. Accept the invitation first.")
    return not_given_up(case, by, roles)


def interests_stated(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Before judging, a member says whether they have interests in this very article."""
    if by.pk not in case.stated:
        return _("Say first whether you have interests in this article.")
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


def mends_what_is_live(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """An editorial fix keeps the dates of a review that there was: of the approved edition that is live."""
    if not case.is_editorial or editorial.base_of(case.publication) is not None:
        return None
    if case.publication and case.publication.is_retracted:
        return _("Edition %(number)d was retracted, so no editorial fix mends it. Submit this for a review.") % {
            "number": case.publication.edition.number
        }
    return _("An editorial fix mends an approved edition that is live, and there is none. Submit it for a review.")


def mends_what_stands(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """An editorial fix is no review: it does not bring back as good what was retracted or withdrawn meanwhile."""
    if case.review is None or case.publication is None or editorial.number_in(case.review) is None:
        return None
    said = {"number": case.edition.number if case.edition else 0}
    if case.publication.is_retracted:
        return (
            _("Edition %(number)d is an editorial fix of one that was retracted. Submit the text for a review.") % said
        )
    if case.standing == Standing.WITHDRAWN:
        return (
            _(
                "Edition %(number)d is an editorial fix of an answer that was withdrawn. "
                "Restore that first, or submit the text for a review."
            )
            % said
        )
    return None


def answered(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """What the board asked in the last round is answered before the next: done, or not done and why."""
    if case.unanswered:
        return ngettext(
            "%(count)d comment of the board waits for an answer: done, or not done because.",
            "%(count)d comments of the board wait for an answer: done, or not done because.",
            case.unanswered,
        ) % {"count": case.unanswered}
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


def not_objected_yet(case: Case, by: User, roles: frozenset[str]) -> str | None:
    """Nobody objects to the same edition again after that was settled."""
    if by.pk in case.objected_by:
        return _("You objected to this edition before, and that is settled. You can request changes or decline it.")
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
