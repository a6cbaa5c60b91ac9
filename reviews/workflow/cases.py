"""The facts of a case as the database has them: what the conditions of the rule table are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Max

from articles import editions
from articles.models import Article, Contributor, Edition, Publication, Thread
from reviews import interests, invitations, objections
from reviews.models import Review, ScheduledPublication, State, Verdict
from reviews.workflow.rules import Case


def case_of(article: Article, edition: Edition | None = None) -> Case:
    """Load the facts that the rules ask about. Inside a move this runs under the article's lock."""
    publication = (
        Publication.objects.select_related("edition__review").filter(article=article).first() if article.pk else None
    )
    review = Review.objects.filter(edition=edition).order_by("pk").first() if edition else None
    newest = Edition.objects.filter(article=article).aggregate(newest=Max("number"))["newest"] or 0
    writers = set(Contributor.objects.filter(article=article).values_list("user_id", flat=True))
    judged_by = Verdict.objects.filter(edition=edition).order_by().values_list("member_id", flat=True)
    threads = Thread.objects.filter(edition__article=article, edition__number=newest).open()
    case = _case(
        article,
        edition,
        review,
        publication,
        newest=newest,
        writers=writers,
        judged_by=judged_by if edition else (),
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
    judged_by: dict[int, set[int]] = defaultdict(set)
    for edition, member in Verdict.objects.filter(edition__in=ids).order_by().values_list("edition", "member"):
        judged_by[edition].add(member)
    objected = objections.of_articles(articles)
    unanswered: dict[int, int] = defaultdict(int)
    waiting = Thread.objects.filter(edition__article__in=articles).open().order_by()
    for article, number in waiting.values_list("edition__article", "edition__number"):
        unanswered[article] += number == newest[article]
    declared, stated, parts = interests.members_in_date(), interests.stated_for(reviews), interests.parts_in(articles)
    invited = invitations.states_for(reviews)
    return {
        review.edition_id: _case(
            review.edition.article,
            review.edition,
            review,
            publications.get(review.article_id),
            newest=newest[review.article_id],
            writers=writers[review.article_id],
            judged_by=judged_by[review.edition_id],
            objected=objected.get(review.article_id, ()),
            unanswered=unanswered[review.article_id],
            declared=declared,
            stated=stated[review.edition_id],
            parts=parts[review.article_id],
            invited=invited[review.edition_id],
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
    objected: tuple[tuple[int, int], ...],
    unanswered: int,
    declared: frozenset[int],
    stated: Iterable[int],
    parts: Mapping[int, str],
    invited: Mapping[int, str],
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
        objections=objected,
        unanswered=unanswered,
        declared=declared,
        stated=frozenset(stated),
        parts=parts,
        invited=invited,
    )
