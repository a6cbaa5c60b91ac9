"""Comments on passages of the working text: who may say, change, resolve and reopen, and how passages are kept.

Every write is one function here, in a transaction, and tells those whom it concerns. Whoever may open an article may
comment on it; the desk asks that first (`desk/access.py`). The board's comments, on an edition, are the same rows:
`reviews/asking.py` says who may do what there, and calls these functions with the `people` who may be told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import anchoring, circle, mentions
from articles.anchoring import Place, Quote
from articles.markup import characters
from articles.models import Article, Comment, Contributor, Resolution, Thread
from people.models import Kind, User
from people.notifying import notify
from people.words import is_seen

FIELDS = ("question", "plain_question", "heading", "lead", "plain_heading", "plain_lead", "body")
"""The fields of prose that can be quoted, in the order of the page."""
LONGEST = 5000
CHANGEABLE_FOR = datetime.timedelta(hours=1)
SENT_AGAIN = datetime.timedelta(minutes=1)
"""How long one can change or delete one's own words, where nobody answered."""


class Refused(Exception):
    """A comment that may not be made, changed or resolved; its text is one plain sentence. Nothing was changed."""


def change_refusal(comment: Comment, *, by: User, newest: Comment | None, at: datetime.datetime) -> str | None:
    """Why this person may not change or delete these words now; None where they may. `newest` is the thread's last."""
    if comment.by_id != by.pk:
        return _("Only who wrote this can change it.")
    if newest is not None and newest.pk != comment.pk:
        return _("Somebody answered, so these words stay as they are. Add another comment.")
    if not comment.thread.is_open:
        return _("This thread is resolved. Reopen it first.")
    if at - comment.at > CHANGEABLE_FOR:
        return _("These words are older than an hour, so they stay as they are. Add another comment.")
    return None


def open_thread(
    article: Article, *, by: User, text: str, field: str = "", quote: Quote | None = None, near: int = 0
) -> Thread:
    """Begin a thread on a passage, or without `quote` on the whole article. Raises Refused.

    A passage that is not in the text as saved is kept all the same: it is found by the save that brings it. The same
    words on the same passage within SENT_AGAIN, as a double click sends them, are the thread that is there.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().select_related(None).get(pk=article.pk)
        thread = Thread(article=row, opened_in=row.version)
        if quote is not None and quote.exact.strip():
            hang(thread, {name: getattr(row, name) for name in FIELDS}, field, quote, near)
        return begin(thread, by=by, text=text)


def begin(thread: Thread, *, by: User, text: str, people: Iterable[User] | None = None) -> Thread:
    """Save a thread that was made but not saved, with its first words; inside a transaction. Raises Refused.

    `people` may be mentioned and told; those who may open the article where it is left out. The same words of just
    before on the same passage are the thread that is there.
    """
    words = _words(text)
    same = Thread.objects.filter(
        article=thread.article,
        edition=thread.edition,
        resolved_at=None,
        field=thread.field,
        exact=thread.exact,
        start=thread.start,
    )
    there = same.filter(comments__by=by, comments__text=words, comments__at__gt=timezone.now() - SENT_AGAIN).first()
    if there:
        return there
    thread.save()
    _say(thread, words, by, people)
    return thread


def answer(thread: Thread, *, by: User, text: str, people: Iterable[User] | None = None) -> Comment:
    """Add to a thread that is open; one's own words of just before are not said again. Raises Refused."""
    words = _words(text)
    with transaction.atomic():
        row = _locked(thread)
        if not row.is_open:
            raise Refused(_("This thread is resolved. Reopen it first."))
        newest = row.comments.order_by("-at", "-pk").first()
        if newest and (newest.by_id, newest.text) == (by.pk, words):
            return newest
        return _say(row, words, by, people)


def change(comment: Comment, *, by: User, text: str, people: Iterable[User] | None = None) -> Comment:
    """Change one's own words. Raises Refused."""
    words = _words(text)
    with transaction.atomic():
        row = _changeable(comment, by)
        row.text, row.edited_at = words, timezone.now()
        row.save(update_fields=["text", "edited_at"])
        _tell(row.thread, row, by, people, mentioned_only=True)
    return row


def delete(comment: Comment, *, by: User) -> bool:
    """Take one's own words back; with the first ones goes their thread. True where it went. Raises Refused."""
    with transaction.atomic():
        row = _changeable(comment, by)
        thread = row.thread
        row.delete()
        if thread.comments.exists():
            return False
        thread.delete()
        return True


def resolve(
    thread: Thread,
    *,
    by: User,
    how: str = Resolution.DONE,
    because: str = "",
    people: Iterable[User] | None = None,
) -> Thread:
    """End a thread: done, or not done and why. Raises Refused; a second time is refused with who did it."""
    with transaction.atomic():
        row = _locked(thread)
        if not row.is_open:
            raise Refused(_("%(name)s has resolved this already.") % {"name": row.resolved_by})
        if how == Resolution.NOT_DONE and not because.strip():
            raise Refused(_("Say in a sentence why it is not done."))
        row.resolution = Resolution(how)
        row.because = because.strip()[:LONGEST] if how == Resolution.NOT_DONE else ""
        row.resolved_by, row.resolved_at = by, timezone.now()
        row.save(update_fields=["resolution", "because", "resolved_by", "resolved_at"])
        said = {
            Resolution.DONE: _("%(by)s marked a comment of yours on “%(question)s” as done."),
            Resolution.NOT_DONE: _("%(by)s closed a comment of yours on “%(question)s” as not done."),
        }[row.resolution]
        first = row.comments.select_related("by").first()
        if first and first.by_id != by.pk:
            notify(
                [person for person in _people(row, people) if person.pk == first.by_id],
                kind=Kind.COMMENT,
                about=f"thread:{row.pk}:resolved:{row.resolved_at.isoformat()}",
                sentence=said % {"by": by, "question": row.article.question},
                address=address_of(row),
                detail=row.because,
            )
    return row


def reopen(thread: Thread, *, by: User) -> Thread:
    """Open a thread again. Raises Refused where it is open."""
    with transaction.atomic():
        row = _locked(thread)
        if row.is_open:
            raise Refused(_("This thread is open."))
        row.resolution = row.because = ""
        row.resolved_by = row.resolved_at = None
        row.reopened_by, row.reopened_at = by, timezone.now()
        row.save()
    return row


def reanchor(old: Article, new: Article) -> None:
    """Take the passages of the threads along, in the transaction of the save that made `new` of `old`.

    Where a passage is found its quotation becomes what stands there now, so that it is followed through many edits; an
    orphan keeps its last one, and is found again where that is put back. Resolved threads are taken along, too: they
    may be opened again.
    """
    changed = [name for name in FIELDS if getattr(old, name) != getattr(new, name)]
    if not changed:
        return
    threads = list(Thread.objects.of_article(new).filter(field__in=changed))
    edits = {name: anchoring.Edit(getattr(old, name), getattr(new, name)) for name in {row.field for row in threads}}
    for row in threads:
        was = Place(row.start, row.end, True) if row.start is not None and row.end is not None else None
        place = edits[row.field].follow(Quote(row.exact, row.prefix, row.suffix), was)
        _place(row, getattr(new, row.field), place)
    Thread.objects.bulk_update(threads, ["exact", "prefix", "suffix", "start", "end"], batch_size=100)


def in_order(threads: Iterable[Thread]) -> list[Thread]:
    """Threads in the order of their passages; on the whole article first, orphans after what is left of their field."""
    places = {name: number for number, name in enumerate(("", *FIELDS))}
    return sorted(
        threads, key=lambda row: (places.get(row.field, len(places)), row.start is None, row.start or 0, row.pk)
    )


def address_of(thread: Thread) -> str:
    """Where a thread is read and answered."""
    if thread.edition_id:
        return reverse("desk:review_comments", args=[thread.edition_id]) + f"#thread-{thread.pk}"
    return reverse("desk:comments", args=[thread.article_id]) + f"#thread-{thread.pk}"


def hang(thread: Thread, texts: Mapping[str, str], field: str, quote: Quote, near: int = 0) -> None:
    """Hang a thread on a passage of one of the `texts`, by their fields' names. Raises Refused.

    A passage that is not there leaves the thread without a place: an orphan.
    """
    if field not in texts:
        raise Refused(_("Say in which field the passage stands."))
    exact, prefix, suffix = (characters.normal(part) for part in (quote.exact, quote.prefix, quote.suffix))
    exact = exact.strip()
    if len(exact) > anchoring.LONGEST:
        raise Refused(
            _("This passage has %(length)d characters. Choose a shorter one: at most %(most)d.")
            % {"length": len(exact), "most": anchoring.LONGEST}
        )
    thread.field, thread.quoted, thread.exact = field, exact, exact
    thread.prefix, thread.suffix = prefix[-anchoring.AROUND :], suffix[: anchoring.AROUND]
    text = texts[field]
    if prefix or suffix or exact not in text:
        place = anchoring.find(anchoring.Text(text), Quote(exact, thread.prefix, thread.suffix), near=near)
    elif text.count(exact) == 1:
        # Typed or pasted on the page, without what stands around it: there is but one that can be meant.
        place = Place(text.index(exact), text.index(exact) + len(exact), True)
    else:
        raise Refused(_("These words stand there more than once. Copy more of the passage."))
    _place(thread, text, place)


def _place(thread: Thread, text: str, place: Place | None) -> None:
    thread.start, thread.end = (place.start, place.end) if place else (None, None)
    if place:
        now = anchoring.quote(text, place.start, place.end)
        thread.exact, thread.prefix, thread.suffix = now.exact, now.prefix, now.suffix


def _say(thread: Thread, words: str, by: User, people: Iterable[User] | None) -> Comment:
    comment = Comment.objects.create(thread=thread, by=by, text=words)
    _tell(thread, comment, by, people)
    return comment


def _people(thread: Thread, people: Iterable[User] | None) -> list[User]:
    return list(circle.people_of(thread.article) if people is None else people)


def _tell(
    thread: Thread, comment: Comment, by: User, people: Iterable[User] | None, *, mentioned_only: bool = False
) -> None:
    """Note whom the words mention and tell them; else also the authors and who takes part in the thread."""
    article, circle_now = thread.article, _people(thread, people)
    named = mentions.named(comment.text, circle_now)
    comment.mentions.set(named)
    names = {"by": by, "question": article.question, "passage": Truncator(thread.quoted).chars(80)}
    told = {"address": address_of(thread), "detail": comment.text}
    notify(
        [person for person in circle_now if person.pk in named - {by.pk}],
        kind=Kind.MENTION,
        about=f"comment:{comment.pk}",
        sentence=_("%(by)s mentioned you in a comment on “%(question)s”.") % names,
        **told,
    )
    if mentioned_only:
        return
    concerned = {article.owner_id}
    concerned |= set(Contributor.objects.filter(article=article).values_list("user_id", flat=True))
    concerned |= set(thread.comments.values_list("by_id", flat=True))
    sentence = (
        _("%(by)s commented on “%(question)s”: “%(passage)s”")
        if thread.quoted
        else _("%(by)s commented on “%(question)s”.")
    )
    notify(
        [person for person in circle_now if person.pk in concerned - named - {by.pk}],
        kind=Kind.COMMENT,
        about=f"comment:{comment.pk}",
        sentence=sentence % names,
        **told,
    )


def _words(text: str) -> str:
    words = characters.normal(text).strip()
    if not is_seen(words):
        raise Refused(_("Write what you want to say."))
    if len(words) > LONGEST:
        raise Refused(
            _("This has %(length)d characters; at most %(most)d fit.") % {"length": len(words), "most": LONGEST}
        )
    return words


def _locked(thread: Thread) -> Thread:
    return (
        Thread.objects.select_for_update(of=("self",)).select_related("article__owner", "resolved_by").get(pk=thread.pk)
    )


def _changeable(comment: Comment, by: User) -> Comment:
    _locked(comment.thread)
    row = Comment.objects.select_related("thread__article").get(pk=comment.pk)
    newest = row.thread.comments.order_by("-at", "-pk").first()
    sentence = change_refusal(row, by=by, newest=newest, at=timezone.now())
    if sentence:
        raise Refused(sentence)
    return row
