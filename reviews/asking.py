"""What the board asks of an edition: comments on its passages, who sees them, who answers, and until when.

The threads are those of drafting (`articles/comments.py`), hung on the frozen source. Board members and editors begin
them while the round is open; an author ends each, as done or as not done and why, before the next submission (the
condition `answered` of the rule table). Once a newer edition is submitted they stay as they were answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from articles import circle, comments, editions
from articles.anchoring import Quote
from articles.comments import Refused
from articles.markup import characters
from articles.models import Article, Comment, Edition, Resolution, Thread
from people.models import Role, User
from reviews import interests, sight
from reviews.models import OPEN_STATES

ASKERS = frozenset({Role.BOARD_MEMBER.value, Role.EDITOR.value})
PROSE = ("body", "lead", "plain_lead")
"""The fields of whole sentences, where words that are only alike are sought."""


def texts_of(source: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an edition's source that can be quoted, by the names that drafting gives them."""
    line, plain = source["bottom_line"], source["plain_bottom_line"]
    texts = {
        "question": source["question"],
        "plain_question": source["plain_question"],
        "heading": line["heading"],
        "lead": line["lead"],
        "plain_heading": plain["heading"],
        "plain_lead": plain["lead"],
        "body": source["body"],
    }
    return {name: texts[name] for name in comments.FIELDS}


def seen_by(edition: Edition, person: User, roles: frozenset[str]) -> QuerySet[Thread]:
    """The threads of an edition that this person may see, of those who may read it in the desk.

    Where the policy of an open round wants independent verdicts, a member who has not signed yet sees those in which
    they spoke and those that are answered.
    """
    rows = Thread.objects.filter(edition=edition)
    if not judges_apart(edition, person, roles):
        return rows
    spoke = Comment.objects.filter(thread=OuterRef("pk"), by=person)
    return rows.filter(Q(resolved_at__isnull=False) | Exists(spoke))


def asking_refusal(edition: Edition, person: User, roles: frozenset[str]) -> str | None:
    """Why this person may not begin a thread on this edition now; None where they may."""
    if not roles & ASKERS:
        return _("Board members and editors comment on an edition; its authors answer.")
    if Role.EDITOR.value not in roles and sight.wrote(edition, person):
        return _("You wrote on this edition, so you answer the board’s comments and make none (four eyes).")
    replaced = _replaced(edition)
    if replaced:
        return replaced
    if edition.review.state not in OPEN_STATES:
        return _("This round is over: edition %(number)d is %(state)s.") % {
            "number": edition.number,
            "state": edition.review.get_state_display(),
        }
    return None


def saying_refusal(edition: Edition) -> str | None:
    """Why nothing more may be said in the threads of this edition; None where whoever sees them may."""
    return _replaced(edition)


def ending_refusal(edition: Edition, person: User, roles: frozenset[str]) -> str | None:
    """Why this person may neither end a thread of this edition nor open it again; None where they may."""
    if Role.EDITOR.value not in roles and not (Role.AUTHOR.value in roles and circle.writes(person, edition.article)):
        return _("An author of this article, or an editor, answers whether it is done.")
    return _replaced(edition)


def ask(edition: Edition, *, by: User, text: str, field: str = "", quote: Quote | None = None) -> Thread:
    """Begin a thread on a passage of the edition, or without `quote` on the whole. Raises Refused.

    A passage is sought in `field` first, then in the others: who copies from a text as its readers get it need not say
    where it stands.
    """
    with _locked(edition) as row:
        _require(asking_refusal(row, by, by.roles()))
        thread = Thread(article=row.article, edition=row, opened_in=row.article_version)
        if quote is not None and quote.exact.strip():
            _hang(thread, texts_of(editions.read(row).source), field, quote)
        return comments.begin(thread, by=by, text=text, people=people_of(row))


def answer(thread: Thread, *, by: User, text: str) -> Comment:
    """Say something in a thread that is open. Raises Refused."""
    with _of(thread) as edition:
        _require(saying_refusal(edition))
        return comments.answer(thread, by=by, text=text, people=_people_in(thread, edition))


def resolve(thread: Thread, *, by: User, how: str = Resolution.DONE, because: str = "") -> Thread:
    """The author's answer: done, or not done and why. Raises Refused."""
    with _of(thread) as edition:
        _require(ending_refusal(edition, by, by.roles()))
        return comments.resolve(thread, by=by, how=how, because=because, people=_people_in(thread, edition))


def reopen(thread: Thread, *, by: User) -> Thread:
    """Take an answer back. Raises Refused."""
    with _of(thread) as edition:
        _require(ending_refusal(edition, by, by.roles()))
        return comments.reopen(thread, by=by)


def change(comment: Comment, *, by: User, text: str) -> Comment:
    """Change one's own words. Raises Refused."""
    with _of(comment.thread) as edition:
        _require(saying_refusal(edition))
        return comments.change(comment, by=by, text=text, people=_people_in(comment.thread, edition))


def delete(comment: Comment, *, by: User) -> bool:
    """Take one's own words back; True where their thread went with them. Raises Refused."""
    with _of(comment.thread) as edition:
        _require(saying_refusal(edition))
        return comments.delete(comment, by=by)


def unanswered(article: Article) -> int:
    """How many comments of the board on the newest edition wait for an author's answer."""
    return Thread.objects.filter(edition=_newest(article), resolved_at=None).count() if article.pk else 0


def earlier(edition: Edition) -> list[tuple[Edition, list[Thread]]]:
    """What the board asked of earlier editions of the article, the last round first; rounds without comments aside."""
    said = Comment.objects.select_related("by").order_by("at", "pk")
    rows = (
        Thread.objects.filter(edition__article=edition.article_id, edition__number__lt=edition.number)
        .select_related("edition", "resolved_by", "reopened_by")
        .defer("edition__source", "edition__frozen")
        .order_by("-edition__number", "pk")
        .prefetch_related(Prefetch("comments", queryset=said))
    )
    rounds: dict[int, tuple[Edition, list[Thread]]] = {}
    for row in rows:
        assert row.edition is not None
        rounds.setdefault(row.edition.pk, (row.edition, []))[1].append(row)
    return [(one, comments.in_order(threads)) for one, threads in rounds.values()]


def people_of(edition: Edition) -> list[User]:
    """Who may be mentioned and told: who may open the article, and the board, less where its verdicts are apart."""
    people = {person.pk: person for person in circle.people_of(edition.article)}
    if not sight.is_apart(edition.review):
        members = User.objects.acting_as(Role.BOARD_MEMBER).filter(is_active=True)
        people |= {person.pk: person for person in members}
    return _to_whom_it_is_open(people, edition)


def _people_in(thread: Thread, edition: Edition) -> Iterable[User]:
    """The same for one thread: who spoke in it is told also where the others are not to know of it."""
    spoke = User.objects.filter(pk__in=thread.comments.values("by"), is_active=True)
    return _to_whom_it_is_open({person.pk: person for person in [*people_of(edition), *spoke]}, edition)


def _to_whom_it_is_open(people: Mapping[int, User], edition: Edition) -> list[User]:
    closed = interests.closed_for(edition.article_id)
    return [person for pk, person in people.items() if pk not in closed]


def _hang(thread: Thread, texts: Mapping[str, str], field: str, quote: Quote) -> None:
    first = field if field in texts else "body"
    names = [first, *(name for name in texts if name != first)]
    words = characters.normal(quote.exact).strip()
    # The very words anywhere come before words that are alike in the field that was named.
    names = [name for name in names if words in texts[name]] or [first, *(name for name in PROSE if name != first)]
    refused: Refused | None = None
    for name in names:
        try:
            comments.hang(thread, texts, name, quote)
        except Refused as error:
            refused = refused or error
            continue
        if thread.start is not None:
            return
    raise refused or Refused(
        _("These words stand nowhere in this edition. Copy them from one of its texts or from the source.")
    )


def judges_apart(edition: Edition, person: User, roles: frozenset[str]) -> bool:
    """Whether this member has to come to a verdict without knowing what the others say."""
    return sight.judges_apart(edition.review, person, roles) and not sight.wrote(edition, person)


def _newest(article: Article) -> QuerySet[Edition, int]:
    return Edition.objects.filter(article=article).order_by("-number").values_list("pk", flat=True)[:1]


def _replaced(edition: Edition) -> str | None:
    newest = Edition.objects.filter(article=edition.article_id).aggregate(newest=Max("number"))["newest"]
    if edition.number < newest:
        return _("Edition %(old)d was replaced by edition %(new)d, so its comments stay as they are.") % {
            "old": edition.number,
            "new": newest,
        }
    return None


def _require(sentence: str | None) -> None:
    if sentence:
        raise Refused(sentence)


@contextmanager
def _locked(edition: Edition) -> Iterator[Edition]:
    """The edition with its review as they are once no move of its article is under way, until this is done."""
    with transaction.atomic():
        Article.objects.select_for_update().select_related(None).get(pk=edition.article_id)
        yield Edition.objects.select_related("article__owner", "review").get(pk=edition.pk)


def _of(thread: Thread) -> Any:
    assert thread.edition is not None
    return _locked(thread.edition)
