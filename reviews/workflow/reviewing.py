"""The moves of a review that need no judgement: submitting an edition, taking it up and pulling it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import freezing, policies
from articles.models import Article, Edition
from people.models import User
from reviews import chain, editorial, justifying, news
from reviews.models import OPEN_STATES, Review, State, Verdict
from reviews.workflow.answering import accept_by_claiming
from reviews.workflow.cases import case_of
from reviews.workflow.judging import to_confirm
from reviews.workflow.making import change_review, follow, locked, require, set_review
from reviews.workflow.rules import Case
from reviews.workflow.table import MOVES, NONE, Refused
from reviews.workflow.taking_part import state_in


def submit(
    article: Article,
    *,
    by: User,
    comment: str = "",
    via: str = "desk",
    prepared: freezing.Prepared | None = None,
    justifications: Mapping[str, str] | None = None,
    is_editorial: bool = False,
) -> Edition:
    """Freeze the article as its next edition and submit it. An open earlier edition is pulled back.

    `justifications` says, by the ids of `justifying.asked`, why each flagged work and each passage may stand: the
    review keeps them for the board, with what the checks found, and the record has them at the end of the reason.

    `is_editorial` says that it is an editorial fix of the live edition (`reviews.editorial`): the board signs its words
    all the same, and the dates of review stay as they are.

    A source that equals the newest edition's makes no new one: pulled back, that edition is submitted again; otherwise
    the submission is refused. Raises Refused (also on blocking findings), or drafting.Conflict where the article was
    saved meanwhile.
    """
    prepared = prepared or freezing.prepare(article)
    if prepared.blocking:
        raise Refused(_("This cannot be submitted yet: %(finding)s") % {"finding": prepared.blocking[0].message})
    with transaction.atomic():
        article = locked(article.pk)
        # What was done before this, by whoever had the lock, belongs to the round before.
        at = timezone.now()
        newest = Edition.objects.filter(article=article).select_related("review").order_by("-number").first()
        case = submission_case(article, newest, source_digest=prepared.source_digest)
        same = case.edition is not None
        asked, given = justifying.asked(prepared), justifications or {}
        case = replace(
            case,
            is_editorial=is_editorial,
            unjustified=tuple(one.words for one in justifying.missing(asked, given)),
        )
        require("submit", case, by=by, reason=comment)
        mends = editorial.base_of(case.publication) if is_editorial else None
        _same_terms(comment, newest if same else None, mends)
        said = justifying.as_data(asked, given)
        moved: list[tuple[str, Edition, str, str, str]] = []
        if newest and not same and newest.review.state in OPEN_STATES:
            reason = _("Replaced by edition %(number)d.") % {"number": newest.number + 1}
            was = newest.review.state
            set_review(newest.review, State.PULLED_BACK, at=at)
            followed = follow("pull-back", newest, at=at)
            moved.append(("pull-back", newest, was, State.PULLED_BACK, reason))
            moved += [(*followed, reason)] if followed else []
        if same and newest:
            edition, was = newest, newest.review.state
            newest.review.justifications, newest.review.report = said, prepared.report.as_data()
            newest.review.policy = editorial.without(newest.review.policy) | editorial.as_terms(mends)
            set_review(newest.review, State.SUBMITTED, at=at, by=by)
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
                policy=policies.in_force(article.kind).as_data() | editorial.as_terms(mends),
                confirms=to_confirm(newest.review) if newest else None,
                submitted_at=at,
                submitted_by=by,
                justifications=said,
                report=prepared.report.as_data(),
            )
        reason = "\n\n".join(filter(None, [editorial.in_words(mends), comment, justifying.in_words(said)]))
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


def _same_terms(comment: str, again: Edition | None, mends: int | None) -> None:
    """Refuse what would make the record say two things of an editorial fix. `again` is an edition submitted again."""
    if editorial.said_in(comment) is not None:
        raise Refused(_("Mark this as an editorial fix instead of writing it: the record says it in these words."))
    if again and editorial.number_in(again.review) != mends and Verdict.objects.filter(edition=again).exists():
        raise Refused(
            _("Somebody signed a verdict on these words on other terms. Change the text, or leave the mark as it was.")
        )


def submission_case(article: Article, newest: Edition | None, *, source_digest: str) -> Case:
    """The case of submitting this source: a source that equals the newest edition's would be that edition again."""
    return case_of(article, newest if newest and newest.source_digest == source_digest else None)


def submission_of(newest: Case, *, source_digest: str) -> Case:
    """The same for a page that has loaded the case of the newest edition already."""
    edition = newest.edition
    return newest if edition and edition.source_digest == source_digest else newest.of_the_article()


def _since(article: Article) -> int:
    """The version of the last approved edition: who saved after it has contributed to the next one."""
    newest = Edition.objects.filter(article=article, review__state=State.APPROVED).aggregate(
        version=Max("article_version")
    )
    return newest["version"] or 0


def take_up(edition: Edition, *, by: User, via: str = "desk") -> None:
    """A board member begins the review. Raises Refused.

    Whoever has not stated their interests in this article before, says by it that there are none: the desk asks so. Who
    is invited accepts by it.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("take-up", case, by=by, reason="")
        if by.pk not in case.stated:
            state_in(case, by=by, at=at, via=via)
        accept_by_claiming(case, by=by, at=at, via=via)
        change_review("take-up", case, by=by, at=at, via=via)


def pull_back(edition: Edition, *, by: User, reason: str = "", via: str = "desk") -> None:
    """The author takes a submission back. Raises Refused."""
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("pull-back", case, by=by, reason=reason)
        change_review("pull-back", case, by=by, at=at, reason=reason, via=via)
