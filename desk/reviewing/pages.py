"""The review page of an edition, its texts, and the moves that need no signature."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import editions, freezing
from articles.checks import Finding, Report, report_of
from articles.checks.finding import BLOCKS, from_data
from articles.comparing import compare
from articles.flagged import at_the_numbers
from articles.images import keeping
from articles.markup.door import TextRefused, trusted
from articles.models import Article, Edition
from desk.access import EDITOR, edition_for, person_of, roles_of
from desk.findings import Row, groups_of
from desk.reviewing import comparing, reading, rounds
from desk.reviewing.texts import texts_of
from desk.reviewing.works import works_of
from desk.together.comments import Shown, ThreadForm, as_shown_of_edition
from reviews import asking, interests, workflow
from reviews.models import Review
from reviews.sight import sees_verdicts
from reviews.workflow import rules

NO_ROLES: frozenset[str] = frozenset()


def frame(request: HttpRequest, edition: Edition, frozen: editions.Frozen) -> dict[str, Any]:
    """What every page of one edition shows: its head, its texts as tabs, and what this person may do."""
    person = person_of(request)
    case = workflow.case_of(edition.article, edition)
    sees = sees_verdicts(case.review, person, roles_of(request))
    may = workflow.available(case, by=person)
    if case.review and case.review.confirms_id:
        # Who confirms joins the round by signing.
        may |= workflow.signing_refusals(case, by=person)
    overdue = rules.declaration_in_date(case, person, NO_ROLES)
    unstated = rules.interests_stated(case, person, NO_ROLES)
    works = works_of(frozen, case.review.justifications if case.review else ())
    today = {work.key: work.status for work in works}
    texts = texts_of(frozen, today)
    return {
        "section": "reviews",
        "edition": edition,
        "frozen": frozen,
        "source": frozen.source,
        "review": case.review,
        "case": case,
        "sees": sees,
        "objections": rounds.objections(case, person, sees=sees),
        "texts": texts,
        "opened": reading.opened(request, edition),
        "not_opened": reading.not_opened(request, edition, texts),
        "works": works,
        "today": today,
        "passages": _passages(case.review),
        "flagged_works": [work for work in works if work.asks or work.justification],
        "may": {name.replace("-", "_"): sentence for name, sentence in may.items()},
        "is_board_member": workflow.MOVES["take-up"].roles <= roles_of(request),
        "is_editor": EDITOR in roles_of(request),
        "is_stated": person.pk in case.stated,
        "needs_declaration": bool(overdue) and overdue in (may["take-up"], may["approve"]),
        "needs_statement": bool(unstated) and unstated == may["approve"],
        "replaced": case.newest_number > edition.number,
        "comment_count": asking.seen_by(edition, person_of(request), roles_of(request)).count(),
        "asking_refusal": asking.asking_refusal(edition, person_of(request), roles_of(request)),
    }


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one edition with all that bears on its judgement. `?against=<number>` chooses what to compare it with."""
    return page(request, edition_for(request, pk))


def page(
    request: HttpRequest, edition: Edition, *, refused: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    """The review page; after a refused move with its sentence and the person's text."""
    frozen = editions.read(edition)
    context = frame(request, edition, frozen)
    signed_before = rounds.last_signed(edition, person_of(request))
    against = comparing.chosen(edition, request.GET.get("against", ""), since=signed_before)
    kept, justifications = edition.review.report, edition.review.justifications
    report = from_data(kept) if kept else _checked_now(frozen)
    return render(
        request,
        "desk/reviewing/review.html",
        context
        | {
            "tab": "overview",
            "refused": refused,
            "reason": reason,
            "lead": trusted(at_the_numbers(frozen.frozen["lead"], context["today"], frozen)),
            "plain_lead": trusted(at_the_numbers(frozen.frozen["plain_lead"], context["today"], frozen)),
            "against": against,
            "signed_before": signed_before,
            "choices": comparing.choices(edition, against),
            "comparison": compare(editions.read(against), frozen) if against else None,
            "report": report,
            "groups": groups_of(report, justifications),
            "is_checked_now": not kept,
            "contributors": frozen.frozen["contributors"],
            "signed": rounds.signed_on(edition, only=None if context["sees"] else person_of(request)),
            "rounds": rounds.earlier(edition),
            "trail": rounds.trail(edition, roles_of(request), sees=context["sees"]),
            "asked": _asked(request, edition),
        },
        status=status,
    )


def _asked(request: HttpRequest, edition: Edition) -> list[tuple[Edition, list[Shown]]]:
    """What the board asked of earlier editions and what became of it, the last round first."""
    person, roles = person_of(request), roles_of(request)
    return [
        (one, as_shown_of_edition(threads, one, by=person, roles=roles)) for one, threads in asking.earlier(edition)
    ]


def _passages(review: Review | None) -> list[Row]:
    """The passages that were justified, each with its reason."""
    if review is None or not review.report:
        return []
    groups = groups_of(from_data(review.report), review.justifications)
    return [row for group in groups for row in group.rows if row.why and not row.finding.work]


def _checked_now(frozen: editions.Frozen) -> Report:
    """For editions of before reviews kept what the checks found: run now, with the library as it stands today."""
    source = frozen.source
    article = Article(
        question=source["question"],
        plain_question=source["plain_question"],
        heading=source["bottom_line"]["heading"],
        lead=source["bottom_line"]["lead"],
        plain_heading=source["plain_bottom_line"]["heading"],
        plain_lead=source["plain_bottom_line"]["lead"],
        body=source["body"],
        byline=source["byline"],
        searched_on=source["searched_on"] or None,
    )
    try:
        rendered = freezing.render_article(article, keeping.images_of(frozen))
    except TextRefused as refused:
        return Report((Finding("refused", str(refused), severity=BLOCKS),))
    report = report_of(article, rendered.rendering, rendered.cited, terms=rendered.terms)
    # The answer itself is public: it is no duplicate of itself.
    return report.without({"near-duplicate"})


def text(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """GET: one distinct text of the edition, numbered from 1. Opening it is remembered for the signature."""
    edition = edition_for(request, pk)
    frozen = editions.read(edition)
    if not 1 <= number <= len(frozen.frozen["texts"]):
        raise Http404
    reading.remember(request, edition, number)
    context = frame(request, edition, frozen)
    shown = context["texts"][number - 1]
    bottom_line = _bottom_line(frozen, shown.number)
    return render(
        request,
        "desk/reviewing/text.html",
        context
        | {
            "text": shown,
            "form": ThreadForm(auto_id="comment_%s"),
            "next": context["not_opened"][0] if context["not_opened"] else None,
            "heading": bottom_line["heading"],
            "lead": trusted(at_the_numbers(bottom_line["lead"], context["today"], frozen)),
        },
    )


def _bottom_line(frozen: editions.Frozen, number: int) -> dict[str, str]:
    """The bottom line that stands above this text: the plain one where only plain readers get the text."""
    of = frozen.frozen["text_of"]
    plain = of["general"] != number - 1 and of["patient"] == number - 1 and frozen.frozen["plain_lead"]
    if plain:
        return {"heading": frozen.source["plain_bottom_line"]["heading"], "lead": frozen.frozen["plain_lead"]}
    return {"heading": frozen.source["bottom_line"]["heading"], "lead": frozen.frozen["lead"]}


def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: begin the review of an edition. 409 with the sentence of the refusal where that may not be.

    `interests=none` says that there are none in this article; who said nothing of them yet is asked first.
    """
    edition, person = edition_for(request, pk), person_of(request)
    stated = person.pk in interests.stated_in([pk])[pk] or request.POST.get("interests") == "none"
    if not stated and workflow.refusal("take-up", workflow.case_of(edition.article, edition), by=person) is None:
        return redirect("desk:state_interests", pk)
    try:
        workflow.take_up(edition, by=person)
    except workflow.Refused as refused:
        return page(request, edition, refused=str(refused), status=409)
    messages.success(request, _("You have taken up this review. Read each text, then sign your decision."))
    return redirect("desk:review", pk)


def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take part no longer in a round that one joined without an invitation. 409 where that may not be."""
    edition = edition_for(request, pk)
    reason = request.POST.get("reason", "").strip()[:1_000]
    try:
        workflow.give_up(edition, by=person_of(request), reason=reason)
    except workflow.Refused as refused:
        return page(request, edition, refused=str(refused), reason=reason, status=409)
    messages.success(request, _("You gave this review up. The editors are told."))
    return redirect("desk:home")


def pull_back(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take a submission back, with a reason if there is one. 409 where that may not be; the reason is kept."""
    edition = edition_for(request, pk)
    reason = request.POST.get("reason", "").strip()
    try:
        workflow.pull_back(edition, by=person_of(request), reason=reason)
    except workflow.Refused as refused:
        return page(request, edition, refused=str(refused), reason=reason, status=409)
    messages.success(
        request,
        _("Edition %(number)d was pulled back. The draft is unchanged and can be submitted again.")
        % {"number": edition.number},
    )
    return redirect("desk:review", pk)


def settle_objection(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """POST: withdraw one's own safety objection, or decide on it as chief editor; 409 where that may not be."""
    edition = edition_for(request, pk)
    reason = request.POST.get("reason", "").strip()
    try:
        workflow.settle_objection(edition, objection, by=person_of(request), reason=reason)
    except workflow.Refused as refused:
        return page(request, edition, refused=str(refused), reason=reason, status=409)
    messages.success(request, _("The safety objection is settled, with your reason on record."))
    return redirect("desk:review", pk)
