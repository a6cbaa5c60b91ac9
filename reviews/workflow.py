"""The rule table: every move of a review and of a publication, and the only code that sets a state.

`MOVES` says from where, to where, who and under which conditions. `refusal` answers, in one sentence or None, whether
somebody may make a move now: buttons and server both ask it. The functions below it make the moves. Each locks the
article's row, asks `refusal` again under the lock, writes the state and the public pages, and last of all the
transition into the chain, in one transaction.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from articles import editions, freezing, policy, publishing
from articles.models import Article, Contributor, Edition, Notice, NoticeKind, Publication, Standing
from people.models import Role, User
from reviews import alerts, chain, justifying, news, rules, statements, verdicts
from reviews.models import OPEN_STATES, Review, State, Transition, Verdict
from reviews.rules import Case

REVIEW = Transition.Subject.REVIEW
PUBLICATION = Transition.Subject.PUBLICATION
NONE = ""
"""No state yet: the article was never submitted, or never public."""


class Refused(Exception):
    """A move that may not be made; its text is one plain sentence for the person. Nothing was changed."""


@dataclass(frozen=True)
class Move:
    """One row of the table. A move without roles is never asked for: it follows another one."""

    name: str
    label: Any
    subject: str
    sources: frozenset[str]
    target: str
    """The state that it leads to; for a notice, which changes none, the empty text."""
    roles: frozenset[str] = frozenset()
    conditions: tuple[rules.Condition, ...] = ()
    needs_reason: bool = False
    is_signed: bool = False


_BOARD = frozenset({Role.BOARD_MEMBER.value})
_EDITOR = frozenset({Role.EDITOR.value})
_WRITERS = frozenset({Role.AUTHOR.value, Role.EDITOR.value})

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "submit",
            gettext_lazy("Submit"),
            REVIEW,
            frozenset({NONE, State.PULLED_BACK}),
            State.SUBMITTED,
            _WRITERS,
            (rules.writes_here, rules.justified),
        ),
        Move(
            "take-up",
            gettext_lazy("Take up"),
            REVIEW,
            frozenset({State.SUBMITTED}),
            State.UNDER_REVIEW,
            _BOARD,
            (rules.newest_edition, rules.four_eyes),
        ),
        Move(
            "approve",
            gettext_lazy("Approve"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.APPROVED,
            _BOARD,
            (rules.newest_edition, rules.four_eyes, rules.not_judged_yet),
            is_signed=True,
        ),
        Move(
            "request-changes",
            gettext_lazy("Request changes"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.CHANGES_REQUESTED,
            _BOARD,
            (rules.newest_edition, rules.four_eyes, rules.not_judged_yet),
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "decline",
            gettext_lazy("Decline"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.DECLINED,
            _BOARD,
            (rules.newest_edition, rules.four_eyes, rules.not_judged_yet),
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "pull-back",
            gettext_lazy("Pull back"),
            REVIEW,
            frozenset({State.SUBMITTED, State.UNDER_REVIEW}),
            State.PULLED_BACK,
            _WRITERS,
            (rules.writes_here,),
        ),
        Move(
            "publish",
            gettext_lazy("Publish"),
            PUBLICATION,
            frozenset({NONE, Standing.LIVE, Standing.CAUTION, Standing.LEFT, Standing.WITHDRAWN}),
            Standing.LIVE,
            _EDITOR,
            (rules.approved, rules.newer_than_public),
        ),
        Move(
            "release-with-caution",
            gettext_lazy("Release with caution"),
            PUBLICATION,
            frozenset({NONE, Standing.LEFT}),
            Standing.CAUTION,
            _EDITOR,
            (
                rules.in_review,
                rules.newest_edition,
                rules.policy_allows_caution,
                rules.no_approved_edition_public,
                rules.four_eyes,
            ),
            needs_reason=True,
        ),
        Move(
            "withdraw",
            gettext_lazy("Withdraw"),
            PUBLICATION,
            frozenset({Standing.LIVE, Standing.CAUTION}),
            Standing.WITHDRAWN,
            _EDITOR,
            (rules.is_public_edition,),
            needs_reason=True,
        ),
        Move(
            "add-notice",
            gettext_lazy("Add a notice"),
            PUBLICATION,
            frozenset({Standing.LIVE, Standing.CAUTION, Standing.WITHDRAWN}),
            "",
            _EDITOR,
            (rules.is_public_edition,),
            needs_reason=True,
        ),
        Move(
            "lift-caution",
            gettext_lazy("Lift the caution"),
            PUBLICATION,
            frozenset({Standing.CAUTION}),
            Standing.LIVE,
        ),
        Move(
            "leave",
            gettext_lazy("Leave the public"),
            PUBLICATION,
            frozenset({Standing.CAUTION, Standing.WITHDRAWN}),
            Standing.LEFT,
        ),
    )
}

FOLLOWED_BY = {
    "approve": "lift-caution",
    "request-changes": "leave",
    "decline": "leave",
    "pull-back": "leave",
}
"""What a move of the review does, in the same transaction, to a public edition that is not yet approved."""

DECISIONS = {
    Verdict.Kind.APPROVE: "approve",
    Verdict.Kind.REQUEST_CHANGES: "request-changes",
    Verdict.Kind.DECLINE: "decline",
}

WHO = {
    Role.AUTHOR.value: gettext_noop("an author"),
    Role.BOARD_MEMBER.value: gettext_noop("a board member"),
    Role.EDITOR.value: gettext_noop("an editor"),
}


def case_of(article: Article, edition: Edition | None = None) -> Case:
    """Load the facts that the rules ask about. Inside a move this runs under the article's lock."""
    publication = (
        Publication.objects.select_related("edition__review").filter(article=article).first() if article.pk else None
    )
    review = Review.objects.filter(edition=edition).order_by("pk").first() if edition else None
    newest = Edition.objects.filter(article=article).aggregate(newest=Max("number"))["newest"] or 0
    writers = set(Contributor.objects.filter(article=article).values_list("user_id", flat=True))
    judged_by = Verdict.objects.filter(edition=edition).order_by().values_list("member_id", flat=True)
    return _case(
        article, edition, review, publication, newest=newest, writers=writers, judged_by=judged_by if edition else ()
    )


def cases_of(reviews: Sequence[Review]) -> dict[int, Case]:
    """The cases of many reviews, with their editions and articles loaded, by the editions' ids: a few queries for all.

    For lists, which show what may be done; a move asks again.
    """
    articles, ids = {review.article_id for review in reviews}, [review.edition_id for review in reviews]
    public = Publication.objects.select_related("edition__review").filter(article__in=articles)
    publications = {publication.article_id: publication for publication in public}
    numbers = Edition.objects.filter(article__in=articles).order_by().values("article").annotate(newest=Max("number"))
    newest = {row["article"]: row["newest"] for row in numbers}
    writers: dict[int, set[int]] = defaultdict(set)
    for article, user in Contributor.objects.filter(article__in=articles).values_list("article", "user"):
        writers[article].add(user)
    judged_by: dict[int, set[int]] = defaultdict(set)
    for edition, member in Verdict.objects.filter(edition__in=ids).order_by().values_list("edition", "member"):
        judged_by[edition].add(member)
    return {
        review.edition_id: _case(
            review.edition.article,
            review.edition,
            review,
            publications.get(review.article_id),
            newest=newest[review.article_id],
            writers=writers[review.article_id],
            judged_by=judged_by[review.edition_id],
        )
        for review in reviews
    }


def _case(
    article: Article,
    edition: Edition | None,
    review: Review | None,
    publication: Publication | None,
    *,
    newest: int,
    writers: Iterable[int],
    judged_by: Iterable[int],
) -> Case:
    return Case(
        article=article,
        edition=edition,
        review=review,
        publication=publication,
        public_edition_is_approved=bool(publication and publication.edition.review.state == State.APPROVED),
        newest_number=newest,
        contributor_ids=editions.read(edition).contributor_ids if edition else frozenset(),
        writer_ids=frozenset(writers) | {article.owner_id},
        judged_by=frozenset(judged_by),
    )


def refusal(name: str, case: Case, *, by: User, roles: frozenset[str] | None = None) -> str | None:
    """Why this person may not make this move now, as one plain sentence; None where they may.

    `roles` are the person's, where a list has asked for them already. A move never hands them in.
    """
    move = MOVES[name]
    roles = by.roles() if roles is None else roles
    if not roles & move.roles:
        who = _(" or ").join(_(WHO[role]) for role in sorted(move.roles)) or _("the system itself")
        return _("Only %(who)s can do this.") % {"who": who}
    state = case.review_state if move.subject == REVIEW else case.standing
    if state not in move.sources:
        return _refused_state(move, case, state)
    for condition in move.conditions:
        sentence = condition(case, by, roles)
        if sentence:
            return sentence
    return None


def _refused_state(move: Move, case: Case, state: str) -> str:
    replaced = rules.newest_edition(case, case.article.owner, frozenset())
    if replaced and move.subject == REVIEW:
        return replaced
    if move.subject == REVIEW:
        if not state:
            return _("This edition was never submitted.")
        return _("Edition %(number)d is %(state)s, so this cannot be done now.") % {
            "number": case.edition.number if case.edition else 0,
            "state": State(state).label,
        }
    if not state:
        return _("This answer has never been public.")
    if move.name == "release-with-caution":
        return rules.no_approved_edition_public(case, case.article.owner, frozenset()) or _(
            "This answer is public with caution already."
        )
    return _("This answer is %(standing)s, so this cannot be done now.") % {"standing": Standing(state).label}


def available(case: Case, *, by: User) -> dict[str, str | None]:
    """For each move that a person can ask for: None where they may, or the sentence of its refusal."""
    return {name: refusal(name, case, by=by) for name, move in MOVES.items() if move.roles}


# -- Making moves ---------------------------------------------------------------------------------------------


def _locked(article_id: int) -> Article:
    return Article.objects.select_for_update().get(pk=article_id)


def _require(name: str, case: Case, *, by: User, reason: str) -> None:
    sentence = refusal(name, case, by=by)
    if sentence:
        raise Refused(sentence)
    if MOVES[name].needs_reason and not reason.strip():
        raise Refused(_("Say why, in a sentence: it is kept with the record."))


def submit(
    article: Article,
    *,
    by: User,
    comment: str = "",
    via: str = "desk",
    prepared: freezing.Prepared | None = None,
    justifications: Mapping[str, str] | None = None,
) -> Edition:
    """Freeze the article as its next edition and submit it. An open earlier edition is pulled back.

    `justifications` says, by the ids of `justifying.asked`, why each flagged work and each passage may stand: the
    review keeps them for the board, with what the checks found, and the record has them at the end of the reason.

    A source that equals the newest edition's makes no new one: pulled back, that edition is submitted again; otherwise
    the submission is refused. Raises Refused (also on blocking findings), or drafting.Conflict where the article was
    saved meanwhile.
    """
    prepared = prepared or freezing.prepare(article)
    if prepared.blocking:
        raise Refused(_("This cannot be submitted yet: %(finding)s") % {"finding": prepared.blocking[0].message})
    at = timezone.now()
    with transaction.atomic():
        article = _locked(article.pk)
        newest = Edition.objects.filter(article=article).select_related("review").order_by("-number").first()
        case = submission_case(article, newest, source_digest=prepared.source_digest)
        same = case.edition is not None
        asked, given = justifying.asked(prepared), justifications or {}
        case = replace(case, unjustified=tuple(one.words for one in justifying.missing(asked, given)))
        _require("submit", case, by=by, reason=comment)
        said = justifying.as_data(asked, given)
        moved: list[tuple[str, Edition, str, str, str]] = []
        if newest and not same and newest.review.state in OPEN_STATES:
            reason = _("Replaced by edition %(number)d.") % {"number": newest.number + 1}
            was = newest.review.state
            _set_review(newest.review, State.PULLED_BACK, at=at)
            followed = _follow("pull-back", newest, at=at)
            moved.append(("pull-back", newest, was, State.PULLED_BACK, reason))
            moved += [(*followed, reason)] if followed else []
        if same and newest:
            edition, was = newest, newest.review.state
            newest.review.justifications, newest.review.report = said, prepared.report.as_data()
            _set_review(newest.review, State.SUBMITTED, at=at, by=by)
        else:
            edition, was = (
                freezing.freeze(
                    prepared,
                    article,
                    by=by,
                    at=at,
                    number=newest.number + 1 if newest else 1,
                    contributors_since=_since(article) if newest else 0,
                ),
                NONE,
            )
            Review.objects.create(
                edition=edition,
                article=article,
                state=State.SUBMITTED,
                policy=policy.IN_FORCE.as_data(),
                submitted_at=at,
                submitted_by=by,
                justifications=said,
                report=prepared.report.as_data(),
            )
        reason = "\n\n".join(filter(None, [comment, justifying.in_words(said)]))
        moved.append(("submit", edition, was, State.SUBMITTED, reason))
        for name, subject_edition, from_state, to_state, reason in moved:
            row = chain.append(
                edition=subject_edition,
                subject=MOVES[name].subject,
                move=name,
                from_state=from_state,
                to_state=to_state,
                by=by,
                at=at,
                reason=reason,
                via=via,
            )
            news.tell(row)
    return edition


def submission_case(article: Article, newest: Edition | None, *, source_digest: str) -> Case:
    """The case of submitting this source: a source that equals the newest edition's would be that edition again."""
    return case_of(article, newest if newest and newest.source_digest == source_digest else None)


def _since(article: Article) -> int:
    """The version of the last approved edition: who saved after it has contributed to the next one."""
    newest = Edition.objects.filter(article=article, review__state=State.APPROVED).aggregate(
        version=Max("article_version")
    )
    return newest["version"] or 0


def take_up(edition: Edition, *, by: User, via: str = "desk") -> None:
    """A board member begins the review. Raises Refused."""
    at = timezone.now()
    with transaction.atomic():
        case = case_of(_locked(edition.article_id), edition)
        _require("take-up", case, by=by, reason="")
        _change_review("take-up", case, by=by, at=at, via=via)


def decide(edition: Edition, *, by: User, kind: str, password: str, comment: str = "", via: str = "desk") -> Verdict:
    """Sign a verdict and, where the policy's count is reached, move the edition. Raises Refused.

    The password is given again and checked here, so that there is no way to a verdict without it.
    """
    name = DECISIONS[Verdict.Kind(kind)]
    if not by.check_password(password):
        raise Refused(_("The password is not right. Nothing was signed."))
    at = timezone.now()
    with transaction.atomic():
        article = _locked(edition.article_id)
        case = case_of(article, edition)
        _require(name, case, by=by, reason=comment)
        assert case.review is not None
        verdict = verdicts.sign(edition, member=by, kind=kind, comment=comment, policy=case.review.policy, at=at)
        if kind == Verdict.Kind.APPROVE and not _enough_approvals(case.review):
            return verdict
        _change_review(name, case, by=by, at=at, reason=comment, via=via, verdict=verdict)
    return verdict


def _enough_approvals(review: Review) -> bool:
    given = Verdict.objects.filter(edition=review.edition_id, kind=Verdict.Kind.APPROVE).count()
    return given >= review.policy["approvals_needed"]


def pull_back(edition: Edition, *, by: User, reason: str = "", via: str = "desk") -> None:
    """The author takes a submission back. Raises Refused."""
    at = timezone.now()
    with transaction.atomic():
        case = case_of(_locked(edition.article_id), edition)
        _require("pull-back", case, by=by, reason=reason)
        _change_review("pull-back", case, by=by, at=at, reason=reason, via=via)


def _change_review(
    name: str,
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    reason: str = "",
    via: str = "desk",
    verdict: Verdict | None = None,
) -> None:
    move, review, edition = MOVES[name], case.review, case.edition
    assert review is not None
    assert edition is not None
    was = review.state
    _set_review(review, move.target, at=at, by=by)
    followed = _follow(name, edition, at=at)
    moved = [(name, was, move.target)] + ([(followed[0], followed[2], followed[3])] if followed else [])
    for move_name, from_state, to_state in moved:
        row = chain.append(
            edition=edition,
            subject=MOVES[move_name].subject,
            move=move_name,
            from_state=from_state,
            to_state=to_state,
            by=by,
            at=at,
            reason=reason,
            via=via,
            verdict=verdict,
        )
        news.tell(row)


def _set_review(review: Review, state: str, *, at: datetime.datetime, by: User | None = None) -> None:
    review.state = state
    review.decided_at = None if state in OPEN_STATES else at
    if state == State.SUBMITTED and by is not None:
        review.submitted_at, review.submitted_by = at, by
        review.taken_up_at = review.taken_up_by = None
    if state == State.UNDER_REVIEW:
        review.taken_up_at, review.taken_up_by = at, by
    review.save()


def _follow(name: str, edition: Edition, *, at: datetime.datetime) -> tuple[str, Edition, str, str] | None:
    """What the review's move does to the public edition; returns the following move, or None where there is none.

    An edition under caution loses it by approval and leaves the public by any other end. A withdrawn one that was never
    approved leaves as well. In the other cases its pages only say the new state.
    """
    publication = Publication.objects.select_for_update().filter(article=edition.article_id, edition=edition).first()
    if publication is None:
        return None
    followed, was = FOLLOWED_BY.get(name), publication.standing
    if followed is None or was not in MOVES[followed].sources:
        _stand(publication, was, edition=edition, at=at)
        return None
    target = MOVES[followed].target
    _stand(publication, target, edition=edition, at=at)
    return followed, edition, was, target


# -- Publishing -----------------------------------------------------------------------------------------------


def publish(edition: Edition, *, by: User, note: str = "", via: str = "desk") -> Publication:
    """Make an approved edition the public one. Raises Refused."""
    return _change_publication("publish", edition, by=by, reason=note, via=via)


def release_with_caution(edition: Edition, *, by: User, reason: str, via: str = "desk") -> Publication:
    """Make an edition public while its review is pending, with the caution. Raises Refused."""
    return _change_publication("release-with-caution", edition, by=by, reason=reason, via=via)


def withdraw(edition: Edition, *, by: User, explanation: str, via: str = "desk") -> Publication:
    """Withdraw a public answer; the explanation is public, and the text stays readable, marked. Raises Refused."""
    return _change_publication("withdraw", edition, by=by, reason=explanation, via=via)


def add_notice(edition: Edition, *, by: User, kind: str, text: str, via: str = "desk") -> Publication:
    """Attach a notice to a public answer; it stands first for every audience. Raises Refused."""
    words = " ".join(text.split())

    def attach(at: datetime.datetime) -> None:
        Notice.objects.create(
            article_id=edition.article_id, edition=edition, kind=NoticeKind(kind), text=words, at=at, by=by
        )

    reason = f"{NoticeKind(kind).value}: {words}" if words else ""
    return _change_publication("add-notice", edition, by=by, reason=reason, via=via, first=attach)


def _change_publication(
    name: str,
    edition: Edition,
    *,
    by: User,
    reason: str,
    via: str,
    first: Callable[[datetime.datetime], None] | None = None,
) -> Publication:
    at = timezone.now()
    move = MOVES[name]
    with transaction.atomic():
        case = case_of(_locked(edition.article_id), edition)
        _require(name, case, by=by, reason=reason)
        if first:
            first(at)
        target = move.target or case.standing
        publication = case.publication or Publication(article=case.article)
        _stand(
            publication,
            target,
            edition=edition,
            at=at,
            explanation=reason.strip() if name == "withdraw" else "",
            note=reason.strip() if name == "publish" else "",
        )
        row = chain.append(
            edition=edition,
            subject=PUBLICATION,
            move=name,
            from_state=case.standing,
            to_state=target,
            by=by,
            at=at,
            reason=reason,
            via=via,
        )
        news.tell(row)
    return publication


def _stand(
    publication: Publication,
    standing: str,
    *,
    edition: Edition,
    at: datetime.datetime,
    explanation: str = "",
    note: str = "",
) -> None:
    """Set the standing and what follows from it, and have the public pages made from it."""
    if standing in {Standing.LIVE, Standing.CAUTION} and publication.edition_id != edition.pk:
        publication.change_note = note
        publication.published_at = at
        publication.first_published_at = publication.first_published_at or at
    if standing == Standing.WITHDRAWN:
        if publication.standing != Standing.WITHDRAWN:
            publication.withdrawn_at, publication.explanation = at, explanation
    else:
        publication.withdrawn_at, publication.explanation = None, ""
    publication.standing = standing
    publication.edition = edition
    publication.slug = publication.slug or publication.article.slug
    publishing.make_public(publication, statements.statement_of(publication), at=at)
    if standing in {Standing.LIVE, Standing.CAUTION}:
        alerts.open_for(edition)
