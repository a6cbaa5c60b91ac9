"""The facts of a case as the database has them: what the conditions of the rule table are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Exists, F, Max, OuterRef, Q

from articles import editions
from articles.models import Article, Contributor, Edition, Publication, Thread
from reviews import interests, invitations, namesakes, objections
from reviews.models import OPEN_STATES, Review, ScheduledPublication, State, Transition, Verdict
from reviews.workflow.rules import Case


def case_of(article: Article, edition: Edition | None = None) -> Case:
    """Load the facts that the rules ask about. Inside a move this runs under the article's lock."""
    publication = (
        Publication.objects.select_related("edition__review").filter(article=article).first() if article.pk else None
    )
    review = Review.objects.filter(edition=edition).order_by("pk").first() if edition else None
    newest = Edition.objects.filter(article=article).aggregate(newest=Max("number"))["newest"] or 0
    writers = set(Contributor.objects.filter(article=article).values_list("user_id", flat=True))
    judged_by, objected_by = _signed([edition.pk]) if edition else ({}, {})
    gave_up, had_a_say = _by_moves([review] if review else [])
    threads = Thread.objects.filter(edition__article=article, edition__number=newest).open()
    case = _case(
        article,
        edition,
        review,
        publication,
        newest=newest,
        writers=writers,
        judged_by=judged_by.get(edition.pk, ()) if edition else (),
        objected_by=objected_by.get(edition.pk, ()) if edition else (),
        gave_up=gave_up.get(edition.pk, ()) if edition else (),
        had_a_say=had_a_say.get(edition.pk, ()) if edition else (),
        objected=objections.of_articles([article.pk]).get(article.pk, ()) if edition else (),
        unanswered=threads.count() if newest else 0,
        declared=interests.members_in_date(),
        stated=interests.stated_for([review])[review.edition_id] if review else (),
        parts=interests.parts_in([article.pk])[article.pk] if article.pk else {},
        invited=invitations.states_for([review])[review.edition_id] if review else {},
    )
    if case.review_state != State.APPROVED:
        return case
    waiting = ScheduledPublication.objects.filter(article=article, outcome=ScheduledPublication.Outcome.WAITING)
    return replace(case, scheduled=waiting.select_related("edition", "made_by").first())


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
    judged_by, objected_by = _signed(ids)
    objected = objections.of_articles(articles)
    unanswered: dict[int, int] = defaultdict(int)
    waiting = Thread.objects.filter(edition__article__in=articles).open().order_by()
    for article, number in waiting.values_list("edition__article", "edition__number"):
        unanswered[article] += number == newest[article]
    declared, stated, parts = interests.members_in_date(), interests.stated_for(reviews), interests.parts_in(articles)
    invited, (gave_up, had_a_say) = invitations.states_for(reviews), _by_moves(reviews)
    return {
        review.edition_id: _case(
            review.edition.article,
            review.edition,
            review,
            publications.get(review.article_id),
            newest=newest[review.article_id],
            writers=writers[review.article_id],
            judged_by=judged_by.get(review.edition_id, ()),
            objected_by=objected_by.get(review.edition_id, ()),
            gave_up=gave_up.get(review.edition_id, ()),
            had_a_say=had_a_say.get(review.edition_id, ()),
            objected=objected.get(review.article_id, ()),
            unanswered=unanswered[review.article_id],
            declared=declared,
            stated=stated[review.edition_id],
            parts=parts[review.article_id],
            invited=invited[review.edition_id],
        )
        for review in reviews
    }


def _signed(editions: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By edition, the members whose verdict stands, and those who objected, settled or not. One query."""
    judged: dict[int, set[int]] = defaultdict(set)
    objected: dict[int, set[int]] = defaultdict(set)
    stands = Exists(Verdict.objects.that_stand().filter(pk=OuterRef("pk")))
    rows = Verdict.objects.filter(edition__in=editions).order_by().annotate(stands=stands)
    for edition, member, kind, does_stand in rows.values_list("edition", "member", "kind", "stands"):
        if does_stand:
            judged[edition].add(member)
        if kind == Verdict.Kind.SAFETY_OBJECTION:
            objected[edition].add(member)
    return judged, objected


_SAY = ("set-part", "withdraw-invitation", "overrule-objection")
"""Moves by which somebody decides who judges in a round, or what counts in it."""


def _by_moves(reviews: Sequence[Review]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """For the rounds of these reviews that are open, by edition, the members who gave up a claim, and who had a say in
    who judges. One query, none where no round is open.
    """
    gave_up: dict[int, set[int]] = defaultdict(set)
    had_a_say: dict[int, set[int]] = defaultdict(set)
    rounds = [one.edition_id for one in reviews if one.state in OPEN_STATES]
    if rounds:
        rows = Transition.objects.filter(edition__in=rounds, move__in=["give-up", *_SAY]).order_by()
        # An objection is decided on between two rounds of the same words, too.
        rows = rows.filter(Q(at__gte=F("edition__review__submitted_at")) | Q(move="overrule-objection"))
        for edition, by, move in rows.values_list("edition", "by", "move"):
            (gave_up if move == "give-up" else had_a_say)[edition].add(by)
    return gave_up, had_a_say


def _case(
    article: Article,
    edition: Edition | None,
    review: Review | None,
    publication: Publication | None,
    *,
    newest: int,
    writers: Iterable[int],
    judged_by: Iterable[int],
    objected_by: Iterable[int],
    gave_up: Iterable[int],
    had_a_say: Iterable[int],
    objected: tuple[tuple[int, int], ...],
    unanswered: int,
    declared: frozenset[int],
    stated: Iterable[int],
    parts: Mapping[int, str],
    invited: Mapping[int, str],
) -> Case:
    frozen = editions.read(edition) if edition else None
    return Case(
        article=article,
        edition=edition,
        review=review,
        publication=publication,
        public_edition_is_approved=bool(publication and publication.edition.review.state == State.APPROVED),
        newest_number=newest,
        contributor_ids=frozen.contributor_ids if frozen else frozenset(),
        unlinked_names=namesakes.unlinked_names(frozen) if frozen else frozenset(),
        writer_ids=frozenset(writers) | {article.owner_id},
        judged_by=frozenset(judged_by),
        objected_by=frozenset(objected_by),
        gave_up=frozenset(gave_up),
        had_a_say=frozenset(had_a_say),
        objections=objected,
        unanswered=unanswered,
        declared=declared,
        stated=frozenset(stated),
        parts=parts,
        invited=invited,
    )
