"""Interests in an article under review, as they stand: what members said, who votes, and who may not open it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from articles.models import Article, Contributor
from people import interests
from people.models import Role, User
from reviews.models import Grade, InterestStatement, Part, Review


def stated_in(editions: Iterable[int]) -> dict[int, dict[int, InterestStatement]]:
    """For each of these editions, by member, the newest statement on it."""
    found: dict[int, dict[int, InterestStatement]] = defaultdict(dict)
    for row in InterestStatement.objects.filter(edition__in=editions).order_by("pk"):
        found[row.edition_id][row.member_id] = row
    return found


def stated_for(reviews: Iterable[Review]) -> dict[int, dict[int, InterestStatement]]:
    """What stands for the rounds of these reviews, by edition and member.

    Where a round only confirms what was asked for, what was stated since the round that reviewed the whole stands until
    it is restated.
    """
    rounds = list(reviews)
    since = _since_reviewed_whole([one for one in rounds if one.confirms_id])
    said = stated_in({one.edition_id for one in rounds}.union(*since.values()))
    found: dict[int, dict[int, InterestStatement]] = {}
    for one in rounds:
        found[one.edition_id] = {}
        for edition in (*since.get(one.edition_id, ()), one.edition_id):
            found[one.edition_id] |= said[edition]
    return found


def _since_reviewed_whole(confirming: Sequence[Review]) -> dict[int, list[int]]:
    """For rounds that only confirm, by edition, the editions before it from the one that was reviewed as a whole on, in
    their order: also those between, whose rounds came to nothing. One query, none where there is no such round.
    """
    if not confirming:
        return {}
    articles: dict[int, list[Review]] = defaultdict(list)
    rows = Review.objects.filter(article__in={one.article_id for one in confirming}).order_by("edition__number")
    for row in rows.only("article_id", "edition_id", "confirms_id"):
        articles[row.article_id].append(row)
    found = {}
    for one in confirming:
        confirms = {row.edition_id: row.confirms_id for row in articles[one.article_id]}
        first = one.edition_id
        while before := confirms[first]:
            first = before
        order = list(confirms)
        found[one.edition_id] = order[order.index(first) : order.index(one.edition_id)]
    return found


def parts_in(articles: Iterable[int], *, until: datetime.datetime | None = None) -> dict[int, dict[int, str]]:
    """For each of these articles, the grade of every member for whom one was set: now, or as it was at a moment."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Part.objects.filter(article__in=articles)
    for row in (rows.filter(at__lte=until) if until else rows).order_by("pk"):
        found[row.article_id][row.member_id] = row.grade
    return found


def overlapping(article: int) -> dict[int, InterestStatement]:
    """By member, the newest statement on an article that names an interest, unless an editor has since said that the
    member takes a full part all the same.
    """
    found: dict[int, InterestStatement] = {}
    for row in InterestStatement.objects.filter(edition__article=article).order_by("pk"):
        found[row.member_id] = row
    said = {member: row for member, row in found.items() if row.what}
    for part in Part.objects.filter(article=article, grade=Grade.FULL, member__in=said):
        if part.member_id in said and part.at >= said[part.member_id].at:
            del said[part.member_id]
    return said


def not_voting(article: int, *, until: datetime.datetime | None = None) -> frozenset[int]:
    """The members who take no part in deciding on this article: they and what they signed leave the quorum's base."""
    grades = parts_in([article], until=until)[article]
    return frozenset(member for member, grade in grades.items() if grade != Grade.FULL)


def closed_pairs(**where: object) -> set[tuple[int, int]]:
    """The one rule of what is closed to whom, as pairs of article and person: who is excluded from the reviews of an
    article opens nothing of it in the desk, finds it in no list and is told nothing of it, unless they write on it.

    `where` narrows the rows of `Part` that are looked at.
    """
    grades: dict[tuple[int, int], str] = {}
    for article, member, grade in Part.objects.filter(**where).order_by("pk").values_list("article", "member", "grade"):
        grades[article, member] = grade
    closed = {pair for pair, grade in grades.items() if grade == Grade.EXCLUDED}
    if not closed:
        return closed
    articles, people = {article for article, _person in closed}, {person for _article, person in closed}
    wrote = Contributor.objects.filter(article__in=articles, user__in=people).values_list("article", "user")
    owned = Article.objects.filter(pk__in=articles, owner__in=people).values_list("pk", "owner")
    return closed - {*wrote, *owned}


def closed_to(person: User) -> frozenset[int]:
    """The articles that are closed to this person."""
    return frozenset(article for article, _person in closed_pairs(member=person))


def closed_for(article: int) -> frozenset[int]:
    """The people to whom this article is closed."""
    return frozenset(person for _article, person in closed_pairs(article=article))


def members_in_date() -> frozenset[int]:
    """The board members of today whose declaration of interests is in date."""
    return interests.in_date(User.objects.acting_as(Role.BOARD_MEMBER).order_by().values("pk"))  # type: ignore[arg-type]


def statement_in_words(row: InterestStatement) -> str:
    """A statement as the record has it, in the language of the record."""
    return f"{row.what} ({row.with_whom})" if row.what else "Nothing to declare in this article."


def part_in_words(row: Part) -> str:
    """A part as the record has it: "Bea Board, MD (17), excluded: a grant from the maker." """
    return f"{row.member_name} ({row.member_id}), {row.grade}: {row.reason}"


def in_public(signed: Mapping[str, object]) -> str:
    """What a signed verdict tells the public of its member's interests, in a sentence; empty where none was asked."""
    declared, here = str(signed["declared"]), signed.get("interests")
    if not isinstance(here, Mapping):
        return declared
    in_this = f"{here['what']} ({here['with_whom']})" if here["what"] else ""
    if not declared and not in_this:
        return _("nothing to declare, in general or in this answer.")
    return _("%(declared)s In this answer: %(here)s.") % {
        "declared": declared or _("nothing to declare in general."),
        "here": in_this or _("nothing to declare"),
    }
