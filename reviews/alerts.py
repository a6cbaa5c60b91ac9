"""What follows when something becomes known against a work: pages marked, answers to look at again, people told.

`references` records events (`references/watching/flags.py`); the sweep calls `react`. A retraction or an expression of
concern opens a re-review of each live edition that cites the work, save where the edition was submitted with a
justification for that very flag; any other event changes pages alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import flagged, publishing
from articles.models import Article, Contributor, Edition, Publication, Standing
from people.models import Kind, Role, User
from people.notifying import News, notify_all
from references.models import Event, Reference
from references.watching import flags
from reviews import interests, justifying
from reviews.models import OPEN_STATES, ReReview, Review, Verdict

GRAVE = (Event.Kind.RETRACTION, Event.Kind.CONCERN)
PUBLIC = (Standing.LIVE, Standing.CAUTION)
AT_ONCE = 50
"""Answers whose pages are composed in the same breath; the sweep goes on with the rest."""


class Refused(Exception):
    """A re-review that may not be closed; its text is one plain sentence. Nothing was changed."""


def react(*, limit: int = 200) -> int:
    """Act on the events that are due, each in a transaction of its own; return how many were acted on.

    Twice does one thing, and two workers at once do one thing: an event is locked by whoever acts on it.
    """
    done = sum(_react_to(pk) for pk in list(flags.due().values_list("pk", flat=True)[:limit]))
    if done:
        publishing.compose_due(limit=AT_ONCE)
    return done


def _react_to(pk: int) -> bool:
    with transaction.atomic():
        # Not its key: a publication that holds the article's lock may open an entry for this event meanwhile.
        locking = Event.objects.select_for_update(skip_locked=True, no_key=True)
        event = locking.filter(pk=pk, handled_at=None).first()
        if event is None:
            return False
        work = Reference.objects.get(pk=event.reference_id)
        cited = flagged.citations_of(work)
        # Whoever publishes one of these at this moment ends first, or else sees the work's new status.
        locked = Article.objects.select_for_update().filter(pk__in=cited.values("article")).order_by("pk")
        articles = {article.pk: article for article in locked}
        Publication.objects.filter(article__in=cited.exclude(edition=None).values("article")).update(pages_due=True)
        if event.dismissed_at:
            _lift(event)
        elif event.kind in GRAVE:
            _open_and_tell(event, work, articles)
        return flags.mark_handled(event)


def _open_and_tell(event: Event, work: Reference, articles: dict[int, Article]) -> None:
    """Open the re-reviews and tell, for each article that cites the work, those whom it concerns."""
    cited = flagged.citations_of(work)
    in_edition = {"article__in": articles, "edition__in": cited.exclude(edition=None).values("edition")}
    public = Publication.objects.filter(standing__in=PUBLIC, **in_edition).only("article_id", "edition_id")
    live = {row.article_id: row.edition_id for row in public}
    pending = {row.article_id: row for row in Review.objects.filter(state__in=OPEN_STATES, **in_edition)}
    drafts = set(cited.filter(edition=None).values_list("article", flat=True))
    entries = _open(event, {edition: article for article, edition in live.items()})
    people = _People(articles, [*live.values(), *(review.edition_id for review in pending.values())])
    news: list[News] = []
    for pk, article in articles.items():
        edition, review = live.get(pk), pending.get(pk)
        if edition or review or pk in drafts:
            concerned = people.of(article, edition=edition, review=review)
            news += _news(event, work, article, concerned, is_public=bool(edition), turn=entries.get(edition or 0, ""))
    notify_all(news)


def open_for(edition: Edition) -> None:
    """Open what has to be looked at again of an edition that has just become public, in the transaction of that move.

    A work may have been flagged after the edition was submitted, so that the board saw no justification.
    """
    works = flagged.works_cited_by(edition)
    for event in Event.objects.filter(reference__in=works, kind__in=GRAVE, dismissed_at=None).order_by("pk"):
        _open(event, {edition.pk: edition.article_id})


def _open(event: Event, editions: dict[int, int]) -> dict[int, str]:
    """Open a re-review of each of these editions (with their articles), where none is open and one is called for.

    None is called for where it was closed with what is known now, or where the board saw a justification for this flag
    or a graver one. Returns a word for each edition's turn: empty for its first entry, another for each later one.
    """
    entries: dict[int, list[ReReview]] = defaultdict(list)
    for entry in ReReview.objects.filter(event=event, edition__in=editions).order_by("pk"):
        entries[entry.edition_id].append(entry)
    newest = event.reports.aggregate(newest=Max("reported_at"))["newest"]
    justified = _justified(event, editions)
    fresh = []
    for edition, article in editions.items():
        last = entries[edition][-1] if entries[edition] else None
        is_news = bool(last and last.closed_at and newest and newest > last.closed_at)
        if is_news or (last is None and edition not in justified):
            fresh.append(ReReview(article_id=article, edition_id=edition, event=event, opened_at=timezone.now()))
    for entry in ReReview.objects.bulk_create(fresh):
        entries[entry.edition_id].append(entry)
    return {edition: str(len(rows)) if len(rows) > 1 else "" for edition, rows in entries.items()}


def _justified(event: Event, editions: Iterable[int]) -> set[int]:
    """The editions that were submitted with a justification for this work under this flag or a graver one."""
    graver = {flags.STATUS_OF[kind].value for kind in GRAVE[: GRAVE.index(Event.Kind(event.kind)) + 1]}
    said = {
        edition: {one["key"] for one in justifying.of_works(justifications) if one["status"] in graver}
        for edition, justifications in Review.objects.filter(edition__in=editions)
        .exclude(justifications=[])
        .values_list("edition", "justifications")
    }
    led = flagged.today(key for keys in said.values() for key in keys)
    mine = {key for key, work in led.items() if work.pk == event.reference_id}
    return {edition for edition, keys in said.items() if keys & mine}


def _lift(event: Event) -> None:
    """Close what a dismissed event opened, in the name of the editor who dismissed it.

    Where somebody else did, an editor still closes each: the list says that the flag was lifted.
    """
    person = event.dismissed_by
    if person is None or Role.EDITOR not in person.roles():
        return
    decision = _("The flag was lifted: %(why)s") % {"why": event.dismissed_why}
    ReReview.objects.filter(event=event, closed_at=None).update(
        closed_at=timezone.now(), closed_by=person, decision=decision
    )


def refusal(by: User) -> str | None:
    """Why this person may not close a re-review; None where they may."""
    if Role.EDITOR not in by.roles():
        return _("Only an editor can close this.")
    return None


def close(entry: ReReview, *, by: User, decision: str) -> ReReview:
    """Close a re-review with what was decided. Raises Refused: without words, for who may not, and a second time."""
    with transaction.atomic():
        row = ReReview.objects.select_for_update(of=("self",)).select_related("closed_by").get(pk=entry.pk)
        sentence = refusal(by)
        if sentence:
            raise Refused(sentence)
        if row.closed_at:
            raise Refused(
                _("%(name)s closed this on %(date)s: “%(decision)s”")
                % {"name": row.closed_by, "date": row.closed_at.date().isoformat(), "decision": row.decision}
            )
        if not decision.strip():
            raise Refused(_("Say in a sentence what was decided: it stays with the answer."))
        row.closed_at, row.closed_by, row.decision = timezone.now(), by, decision.strip()
        row.save(update_fields=["closed_at", "closed_by", "decision"])
    return row


class _People:
    """Whom the news concerns: asked once for all articles of an event."""

    def __init__(self, articles: dict[int, Article], editions: Iterable[int]) -> None:
        self.editors = set(User.objects.acting_as(Role.EDITOR).values_list("pk", flat=True))
        self.authors: dict[int, set[int]] = {pk: {article.owner_id} for pk, article in articles.items()}
        for pk, user in Contributor.objects.filter(article__in=articles).values_list("article", "user"):
            self.authors[pk].add(user)
        self.closed = interests.closed_pairs(article__in=articles)
        self.signed: dict[int, set[int]] = defaultdict(set)
        for edition, member in Verdict.objects.filter(edition__in=editions).order_by().values_list("edition", "member"):
            self.signed[edition].add(member)
        ids = self.editors.union(*self.authors.values(), *self.signed.values())
        taken_up = Review.objects.filter(edition__in=editions).exclude(taken_up_by=None)
        ids |= set(taken_up.values_list("taken_up_by_id", flat=True))
        self.accounts = User.objects.filter(is_active=True).in_bulk(ids)

    def of(self, article: Article, *, edition: int | None, review: Review | None) -> list[User]:
        """The authors; with an edition that is public or under review, also editors, who signed and who reviews."""
        ids = set(self.authors[article.pk])
        if edition or review:
            ids |= self.editors
        if edition:
            ids |= self.signed[edition]
        if review:
            ids |= self.signed[review.edition_id] | {pk for pk in (review.taken_up_by_id,) if pk}
        told = ids & self.accounts.keys() - {person for one, person in self.closed if one == article.pk}
        return [self.accounts[pk] for pk in sorted(told)]


def _news(
    event: Event, work: Reference, article: Article, people: Iterable[User], *, is_public: bool, turn: str
) -> Iterator[News]:
    """One piece of news to each person about one article; whoever was told of it in this turn is not told again."""
    names = {"question": article.question, "what": event.get_kind_display()}
    sentence = _("“%(question)s” cites a work that is flagged: %(what)s.") % names
    cited = f"{work.title} (@{work.key})"
    if is_public:
        subject = _("Look again: %(question)s") % names
        todo = _("The flag stands on its public pages. An editor decides what happens to the answer.")
        where = reverse("desk:publishing", args=[article.pk])
    else:
        subject = _("A flagged work: %(question)s") % names
        todo = _("An edition that cites it is submitted only with a justification, which the board sees.")
        where = reverse("desk:article", args=[article.pk])
    for person in people:
        yield News(
            person,
            Kind.FLAGGED,
            about=f"event:{event.pk}:{article.pk}" + (turn and f".{turn}"),
            sentence=sentence,
            address=where,
            subject=subject,
            detail=f"{cited}\n\n{todo}",
        )
