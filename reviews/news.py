"""Who is told of a move: one piece of news to each person concerned, with a link to the page where they act."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Contributor, Edition, Notice, NoticeKind
from people.models import Kind, Role, User
from people.notifying import notify
from reviews import interests, invitations, objections
from reviews.models import (
    IN_HAND,
    Grade,
    InterestStatement,
    InvitationStep,
    Part,
    Renewal,
    Review,
    ReviewInvitation,
    ScheduledPublication,
    Step,
    Transition,
    Verdict,
)
from reviews.sight import closed_round, sees_verdicts

SUBMITTED = {"submit"}
DECIDED = {"approve", "minor-edits", "request-changes", "decline"}
JUDGED = {"give-verdict", "safety-objection", "resolve-objection", "overrule-objection"}
"""Moves of a round that goes on."""
QUIET = {"import", "sample"}
RENEWED = {"renew"}
GIVEN_UP = {"give-up"}
SCHEDULE = "schedule"
"""The `via` of a publication that the sweep made at its time: whoever scheduled it is told as well."""
NOTICED = {"add-notice"}
PUBLISHED = {"publish", "release-with-caution", "withdraw", "restore", "lift-caution", "leave"}


def tell(row: Transition) -> None:
    """Tell of one transition, inside its transaction. Imports and samples tell nobody."""
    if row.via in QUIET:
        return
    if row.move == "pull-back":
        _tell_of_pulling_back(row)
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
        # What somebody judged while others still judge stands in the desk, for those who may see it.
        detail="" if row.move == "give-verdict" or row.move == "leave" else row.reason,
    )


def tell_of_interest(row: InterestStatement) -> None:
    """Tell the editors that a member has an interest in an article: they decide what part the member takes."""
    names = {"by": row.member, "question": row.edition.question}
    notify(
        _other_editors(row.edition.article_id, row.member_id),
        kind=Kind.PART,
        about=f"interest:{row.pk}",
        sentence=_("%(by)s has stated an interest in “%(question)s”. An editor decides what part they take.") % names,
        address=reverse("desk:parts", args=[row.edition_id]),
        subject=_("Interests: %(question)s") % names,
        detail=interests.statement_in_words(row),
    )


def tell_of_part(row: Part) -> None:
    """Tell of a part that was set: the member, or the editors where it is the member who stepped back."""
    names = {"by": row.by, "question": row.edition.question, "part": Grade(row.grade).label}
    if row.by_id == row.member_id:
        people = _other_editors(row.article_id, row.member_id)
        sentence, subject = _("%(by)s stepped back from “%(question)s”: %(part)s."), _("Interests: %(question)s")
        address = reverse("desk:parts", args=[row.edition_id])
    else:
        people = User.objects.filter(pk=row.member_id)
        sentence = _("%(by)s set your part in the review of “%(question)s”: %(part)s.")
        subject = _("Your part: %(question)s")
        is_closed = row.grade == Grade.EXCLUDED
        address = reverse("desk:home") if is_closed else reverse("desk:review", args=[row.edition_id])
    notify(
        people,
        kind=Kind.PART,
        about=f"part:{row.pk}",
        sentence=sentence % names,
        address=address,
        subject=subject % names,
        detail=row.reason,
    )


def tell_of_invitation(row: ReviewInvitation) -> None:
    """Invite the member: a link to the page where they accept or decline."""
    names = {"by": row.by, "question": row.edition.question, "day": date_format(row.due_on, "j F Y")}
    sentence = _("%(by)s invites you to review “%(question)s” by %(day)s.")
    if row.handed_from_id:
        sentence = _("%(by)s hands the review of “%(question)s” to you, by %(day)s. Accept it or decline it.")
    notify(
        [row.member],
        kind=Kind.INVITED,
        about=f"invitation:{row.pk}",
        sentence=sentence % names,
        address=reverse("desk:invited", args=[row.edition_id]),
        subject=_("Invitation: %(question)s") % names,
        detail=row.note,
    )


def tell_of_step(row: InvitationStep) -> None:
    """Tell of what became of an invitation: who invited, or all editors where somebody else is to be found; or the
    member, where an editor changed it.
    """
    invitation = row.invitation
    names = {
        "by": row.by,
        "question": invitation.edition.question,
        "day": date_format(row.due_on, "j F Y") if row.due_on else "",
    }
    sentence = {
        Step.ACCEPTED: _("%(by)s accepted the invitation to review “%(question)s”."),
        Step.DECLINED: _("%(by)s declined to review “%(question)s”."),
        Step.HANDED_OVER: _("%(by)s handed the review of “%(question)s” over to somebody else."),
        Step.WITHDRAWN: _("%(by)s withdrew your invitation to review “%(question)s”."),
        Step.EXTENDED: _("%(by)s gave you more time to review “%(question)s”: until %(day)s."),
    }[Step(row.kind)]
    address = reverse("desk:review_invite", args=[invitation.edition_id])
    if row.kind in {Step.WITHDRAWN, Step.EXTENDED}:
        people, address = [invitation.member], reverse("desk:invited", args=[invitation.edition_id])
    elif row.kind == Step.ACCEPTED:
        people = [invitation.by]
        if Role.EDITOR.value not in invitation.by.roles():
            address = reverse("desk:review", args=[invitation.edition_id])
    else:
        people = list(User.objects.acting_as(Role.EDITOR))
    excluded = interests.closed_for(invitation.edition.article_id)
    notify(
        [one for one in people if one.pk != row.by_id and one.pk not in excluded],
        kind=Kind.INVITED,
        about=f"invitation-step:{row.pk}",
        sentence=sentence % names,
        address=address,
        subject=_("Invitation: %(question)s") % names,
        detail=row.reason,
    )


def _tell_of_pulling_back(row: Transition) -> None:
    """Those of whom the round still expected something need not look for it."""
    names = {"number": row.edition.number, "question": row.edition.question}
    notify(
        User.objects.filter(pk__in=_expected(row) - {row.by_id}),
        kind=Kind.INVITED,
        about=f"transition:{row.number}",
        sentence=_("Edition %(number)d of “%(question)s” was pulled back: nothing is expected of you now.") % names,
        address=reverse("desk:review", args=[row.edition_id]),
        subject=_("Invitation: %(question)s") % names,
    )


def _expected(row: Transition) -> set[int]:
    """The members of whom the round that now ends waits for an answer or a verdict: invited to it, or by a claim."""
    review = Review.objects.get(edition=row.edition_id)
    invited = ReviewInvitation.objects.filter(edition=row.edition_id, at__gte=review.submitted_at).with_state()
    states = dict(invited.order_by("pk").values_list("member", "state"))
    expected = {member for member, state in states.items() if state in IN_HAND}
    if review.taken_up_at:
        claims = InterestStatement.objects.filter(edition=row.edition_id, at__gte=review.submitted_at).order_by()
        gave_up = invitations.given_up(edition=row.edition_id).values_list("by", flat=True)
        ended = {*states, *gave_up} | interests.not_voting(row.article_id)
        expected |= set(claims.values_list("member", flat=True)) - ended
    signed = Verdict.objects.that_stand().filter(edition=row.edition_id).order_by()
    return expected - set(signed.values_list("member", flat=True)) - interests.closed_for(row.article_id)


def _other_editors(article: int, member: int) -> QuerySet[User]:
    """The editors to whom the article is open, less this member."""
    return User.objects.acting_as(Role.EDITOR).exclude(pk__in=interests.closed_for(article) | {member})


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
        said_by_one = {
            "approve": _("%(by)s approved edition %(number)d of “%(question)s”."),
            "minor-edits": _("%(by)s asked for minor edits in edition %(number)d of “%(question)s”."),
            "request-changes": _("%(by)s asked for changes in edition %(number)d of “%(question)s”."),
            "decline": _("%(by)s declined edition %(number)d of “%(question)s”."),
        }
        by_all = {
            "approve": _("The board approved edition %(number)d of “%(question)s”."),
            "minor-edits": _("The board asks for minor edits in edition %(number)d of “%(question)s”."),
            "request-changes": _("The board asks for changes in edition %(number)d of “%(question)s”."),
            "decline": _("The board declined edition %(number)d of “%(question)s”."),
        }
        by_whom = said_by_one if row.verdict_id else by_all
        return Kind.DECIDED, _("Decision: %(question)s") % names, by_whom[row.move] % names, review_page
    if row.move in JUDGED:
        said = {
            "give-verdict": _("%(by)s signed a verdict on edition %(number)d of “%(question)s”. The round goes on."),
            "safety-objection": _("%(by)s objects for safety to edition %(number)d of “%(question)s”."),
            "resolve-objection": _("%(by)s withdrew a safety objection to “%(question)s”."),
            "overrule-objection": _("%(by)s decided on a safety objection to “%(question)s”."),
        }[row.move]
        return Kind.DECIDED, _("Review: %(question)s") % names, said % names, review_page
    if row.move in GIVEN_UP:
        said = _("%(by)s gave up the review of edition %(number)d of “%(question)s”.") % names
        return (
            Kind.INVITED,
            _("Review: %(question)s") % names,
            said,
            reverse("desk:review_invite", args=[row.edition_id]),
        )
    if row.move in RENEWED:
        return (
            Kind.DECIDED,
            _("Reviewed again: %(question)s") % names,
            _("%(by)s reviewed “%(question)s” again: no change is needed.") % names,
            reverse("desk:publishing", args=[row.article_id]),
        )
    if row.move in NOTICED:
        notice = Notice.objects.filter(edition=row.edition_id, at=row.at).latest("pk")
        said = {
            NoticeKind.MINOR: _("%(by)s put a minor correction on “%(question)s”, for readers to see."),
            NoticeKind.CORRECTION: _("%(by)s put a correction on “%(question)s”, for readers to see."),
            NoticeKind.CONCERN: _("%(by)s put an expression of concern on “%(question)s”, for readers to see."),
            NoticeKind.RETRACTION: _("%(by)s retracted “%(question)s”. Its text stays readable, marked as retracted."),
        }[NoticeKind(notice.kind)]
        subject = f"{notice.get_kind_display()}: {row.edition.question}"
        return Kind.NOTICE, subject, said % names, reverse("desk:publishing", args=[row.article_id])
    if row.move in PUBLISHED:
        said = {
            "publish": _("Edition %(number)d of “%(question)s” is now public."),
            "release-with-caution": _("Edition %(number)d of “%(question)s” is now public with a caution."),
            "withdraw": _("“%(question)s” was withdrawn by %(by)s."),
            "restore": _("“%(question)s” is public again: %(by)s restored it."),
            "lift-caution": _("Edition %(number)d of “%(question)s” is public and approved: the caution is gone."),
            "leave": _("Edition %(number)d of “%(question)s” is no longer public."),
        }[row.move]
        publishing_page = reverse("desk:publishing", args=[row.article_id])
        return Kind.PUBLISHED, _("Published: %(question)s") % names, said % names, publishing_page
    return None


def _concerned(row: Transition) -> Iterable[User]:
    """Whom a move concerns, less whoever made it and knows of it, and those to whom the article is closed.

    On submission the board (less those who wrote on it) and the editors; on a decision authors and editors; on
    publication authors, editors and who signed; of a notice besides who signed the editions before.
    """
    writers = set(Contributor.objects.filter(article=row.article_id).values_list("user_id", flat=True))
    editors = set(User.objects.acting_as(Role.EDITOR).values_list("pk", flat=True))
    if row.move in SUBMITTED:
        board = set(User.objects.acting_as(Role.BOARD_MEMBER).values_list("pk", flat=True))
        concerned = (board - writers) | editors
    elif row.move in GIVEN_UP:
        concerned = editors
    elif row.move in JUDGED:
        concerned = _who_see(row, writers | editors)
        if row.move == "overrule-objection" and row.verdict:
            # Who objected may sign a verdict now.
            concerned.add(row.verdict.member_id)
    else:
        concerned = writers | editors
    if row.move in DECIDED:
        concerned |= _expected(row)
    if row.move in PUBLISHED:
        concerned |= set(Verdict.objects.filter(edition=row.edition_id).values_list("member_id", flat=True))
    if row.move in NOTICED:
        # Whoever signed an edition that readers may have read by now, or that it was reviewed again.
        earlier = {"edition__article": row.article_id, "edition__number__lte": row.edition.number}
        concerned |= set(Verdict.objects.filter(**earlier).order_by().values_list("member_id", flat=True))
        concerned |= set(Renewal.objects.filter(**earlier).order_by().values_list("member_id", flat=True))
        concerned.add(row.edition.article.owner_id)
    if row.move in SUBMITTED and row.edition.review.confirms_id:
        signed = Verdict.objects.filter(edition=row.edition.review.confirms_id)
        concerned |= set(signed.values_list("member_id", flat=True))
    made_it = set() if row.via == SCHEDULE else {row.by_id}
    told = (concerned | {row.by_id}) - made_it - interests.closed_for(row.article_id)
    return User.objects.filter(pk__in=told, is_active=True).order_by("pk")


def _who_see(row: Transition, people: set[int]) -> set[int]:
    """Those of these people who may see what is judged in the round."""
    review = row.edition.review
    return {one.pk for one in User.objects.filter(pk__in=people) if sees_verdicts(review, one, one.roles())}


def tell_refused(row: ScheduledPublication, when: str) -> None:
    """Tell whoever scheduled a publication, and the editors, that it was not made; and why, where they may know it."""
    editors = set(User.objects.acting_as(Role.EDITOR).values_list("pk", flat=True))
    names = {"question": row.edition.question, "number": row.edition.number, "when": when, "why": row.why}
    told = (editors | {row.made_by_id}) - interests.closed_for(row.article_id)
    people = list(User.objects.filter(pk__in=told, is_active=True).order_by("pk"))
    apart: list[User] = []
    if objections.of_articles([row.article_id]):
        article = row.edition.article
        apart = [one for one in people if closed_round(article, one, one.roles()) is not None]
    with_why = _("Edition %(number)d of “%(question)s” was not published on %(when)s: %(why)s") % names
    without = _("Edition %(number)d of “%(question)s” was not published on %(when)s.") % names
    for some, sentence in (([one for one in people if one not in apart], with_why), (apart, without)):
        notify(
            some,
            kind=Kind.PUBLISHED,
            about=f"schedule:{row.pk}",
            sentence=sentence,
            address=reverse("desk:publishing", args=[row.article_id]),
            subject=_("Not published: %(question)s") % names,
        )


def about_articles(articles: Iterable[int]) -> Q:
    """Finds the news that leads to a page of one of these articles or of their editions; for `Notification`."""
    articles = list(articles)
    editions = Edition.objects.filter(article__in=articles).values_list("pk", flat=True)
    found = Q(pk__in=[])
    for name, keys in {"desk:article": articles, "desk:review": editions}.items():
        for pk in keys:
            found |= Q(address__startswith=reverse(name, args=[pk]))
    return found
