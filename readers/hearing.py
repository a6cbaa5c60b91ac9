"""What readers say of an answer: whether it helped, and where it is wrong. Taken in, triaged, counted, erased in time.

Every function here is the one way to its change, and refuses in one plain sentence (`readers.triage.Refused`).
"""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, TypedDict

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles import comments
from articles.anchoring import Quote
from articles.models import Article, Publication, Thread
from people.models import Role, User
from readers.masking import masked
from readers.models import Feedback, FollowUpQuestion
from readers.triage import Refused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counts(TypedDict):
        helped: int
        did_not: int
        mistakes: int
        last_at: datetime.datetime

    Counted = WithAnnotations[Publication, Counts]

Kind, State = Feedback.Kind, Feedback.State
LONGEST, LONGEST_PASSAGE = 2000, 1000
ONE_VOTE = datetime.timedelta(days=1)
"""For how long one sender has one opinion of an answer, and the same report is one."""
ERASED_AT_ONCE = 200


def vote(publication: Publication, *, number: int, helped: bool, audience: str, sender: str) -> Feedback:
    """Count that an answer helped, or did not. Who votes again within ONE_VOTE changes the vote that is there."""
    kind = Kind.HELPED if helped else Kind.DID_NOT
    row = _once(
        _digest("vote", publication.article_id, sender),
        article_id=publication.article_id,
        edition_number=number,
        audience=audience,
        kind=kind,
        state=State.COUNTED,
    )
    if row.kind != kind:
        Feedback.objects.filter(pk=row.pk).update(kind=kind)
        row.kind = kind
    return row


def say_why(row: Feedback, *, text: str) -> None:
    """Add a sentence to a vote: from then on it stands in the desk's inbox. Raises Refused; the same twice is once."""
    with transaction.atomic():
        now = _locked(row)
        if now.text == text.strip():
            return
        if now.kind == Kind.MISTAKE or now.state != State.COUNTED or now.erased_at:
            raise Refused(_("You said something already, and it is with our editors."))
        now.text, now.state = text.strip(), State.NEW
        now.save(update_fields=["text", "state"])


def report(publication: Publication, *, number: int, passage: str, text: str, audience: str, sender: str) -> Feedback:
    """Keep a report of a mistake, with the passage it is about. The same within ONE_VOTE is the one that is there."""
    return _once(
        _digest("report", publication.article_id, sender, passage, text),
        article_id=publication.article_id,
        edition_number=number,
        audience=audience,
        kind=Kind.MISTAKE,
        passage=passage,
        text=text,
        state=State.NEW,
    )


def _once(digest: str, **fields: object) -> Feedback:
    since = timezone.now() - ONE_VOTE
    Feedback.objects.filter(sent_once=digest, sent_at__lte=since).update(sent_once=None)
    try:
        with transaction.atomic():
            return Feedback.objects.create(sent_once=digest, **fields)
    except IntegrityError:
        return Feedback.objects.get(sent_once=digest)


def _digest(*said: object) -> str:
    return salted_hmac("readers.hearing", json.dumps(said), algorithm="sha256").hexdigest()


# -- What the reader may do ----------------------------------------------------------------------------------------


def token_of(row: Feedback) -> str:
    """What only the reader gets: it opens what they said at its address."""
    return _signer().sign(str(row.pk))


def opened_with(token: str) -> Feedback | None:
    """What a token opens; None for any other word."""
    try:
        pk = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return Feedback.objects.select_related("article").filter(pk=pk).first()


def _signer() -> Signer:
    return Signer(salt="readers.hearing")


def erase(row: Feedback, *, why: str, at: datetime.datetime | None = None) -> bool:
    """Take the reader's words out, for good; False where that was done already. A vote stays as a number.

    At the reader's wish all words go; where the date has come, what is left is masked.
    """
    with transaction.atomic():
        now = _locked(row)
        is_wish = why == FollowUpQuestion.Erased.WISH
        if now.erased_at and not (is_wish and (now.text or now.passage)):
            return False
        now.text = "" if is_wish else masked(now.text)
        now.passage = "" if is_wish else masked(now.passage)
        now.note = masked(now.note)
        now.sent_once = None
        now.erased_at, now.erased_why = at or timezone.now(), why
        now.save(update_fields=["text", "passage", "note", "sent_once", "erased_at", "erased_why"])
    return True


def erase_due(*, at: datetime.datetime | None = None) -> int:
    """Mask the words whose date is past; how many rows it was."""
    at = at or timezone.now()
    rows = Feedback.objects.filter(erased_at=None, expires_on__lt=timezone.localdate(at))[:ERASED_AT_ONCE]
    done = sum(erase(row, why=FollowUpQuestion.Erased.EXPIRED, at=at) for row in rows)
    Feedback.objects.filter(sent_once__isnull=False, sent_at__lt=at - ONE_VOTE).update(sent_once=None)
    return done


# -- What an editor may do -----------------------------------------------------------------------------------------


def inbox() -> QuerySet[Feedback]:
    """What editors read: reports, and votes that somebody said something with."""
    return Feedback.objects.exclude(state=State.COUNTED)


def reads_in_full(row: Feedback, person: User) -> bool:
    """Whether this person reads the words unmasked: the editor who has them in hand."""
    return row.triaged_by_id == person.pk and Role.EDITOR.value in person.roles()


def take_up(row: Feedback, *, by: User) -> None:
    """Take it in hand, also from another editor: from then on this editor alone reads it in full. Raises Refused."""
    _editor(by)
    with transaction.atomic():
        now = _locked(row)
        now.triaged_by = by
        if now.state == State.NEW:
            now.state = State.TAKEN_UP
        now.save(update_fields=["triaged_by", "state"])


def pass_on(row: Feedback, *, by: User, text: str) -> Thread:
    """Say it to the author as a comment on the passage, in the editor's words. Raises Refused; a second time, too.

    A passage that is not in the draft by these words is quoted in the comment, which is then on the whole article.
    """
    with transaction.atomic():
        now = _in_hand(row, by)
        if now.state == State.PASSED_ON:
            raise Refused(_("It was passed on already."))
        try:
            thread = _comment(now.article, by, text, now.passage)
        except comments.Refused as refused:
            raise Refused(str(refused)) from None
        now.state, now.thread, now.note = State.PASSED_ON, thread, ""
        now.save(update_fields=["state", "thread", "note"])
    return thread


def _comment(article: Article, by: User, text: str, passage: str) -> Thread:
    for field in ("body", "lead", "plain_lead"):
        if as_written := in_the_source(passage, getattr(article, field)):
            try:
                return comments.open_thread(article, by=by, text=text, field=field, quote=Quote(as_written, "", ""))
            except comments.Refused:
                break  # It stands there twice, or is too long to hang on: the words go on the whole article.
    return comments.open_thread(article, by=by, text=f"“{passage}”\n\n{text}" if passage and text.strip() else text)


def in_the_source(passage: str, source: str) -> str:
    """The Markdown of a passage that was read on a page: the same words, whatever marks and citations lie between them.

    Empty where they do not stand there so.
    """
    words = re.findall(r"\w+", passage)
    between = r"\W+(?:\[[^\]\n]{0,200}\]\W*)*"
    found = re.search(rf"\b{between.join(words)}\b", source) if words else None
    return found[0] if found else ""


def dismiss(row: Feedback, *, by: User, note: str) -> None:
    """Set it aside, with the reason for the desk. Raises Refused."""
    with transaction.atomic():
        now = _in_hand(row, by)
        if not note.strip():
            raise Refused(_("Say why in a few words, for those who read this later."))
        now.state, now.note = State.DISMISSED, note.strip()
        now.save(update_fields=["state", "note"])


def reopen(row: Feedback, *, by: User) -> None:
    """Take up again what was passed on or dismissed. Raises Refused."""
    with transaction.atomic():
        now = _in_hand(row, by)
        if now.state == State.TAKEN_UP:
            raise Refused(_("This is open."))
        now.state = State.TAKEN_UP
        now.save(update_fields=["state"])


def counts() -> QuerySet[Counted]:
    """The public answers of which somebody said something, with the counts; the least helpful first."""
    said = Publication.objects.readable().filter(article__feedback__isnull=False)
    of = "article__feedback"
    return said.annotate(
        helped=Count(of, filter=Q(article__feedback__kind=Kind.HELPED)),
        did_not=Count(of, filter=Q(article__feedback__kind=Kind.DID_NOT)),
        mistakes=Count(of, filter=Q(article__feedback__kind=Kind.MISTAKE)),
        last_at=Max("article__feedback__sent_at"),
    ).order_by("-did_not", "-mistakes", "-helped", "pk")


def _editor(by: User) -> None:
    if Role.EDITOR.value not in by.roles():
        raise Refused(_("Only an editor can do this."))


def _in_hand(row: Feedback, by: User) -> Feedback:
    _editor(by)
    now = _locked(row)
    if now.triaged_by_id != by.pk:
        if now.triaged_by is None:
            raise Refused(_("Take it up first."))
        raise Refused(_("%(name)s has it in hand now. Take it up to go on with it.") % {"name": now.triaged_by})
    return now


def _locked(row: Feedback) -> Feedback:
    return Feedback.objects.select_for_update().get(pk=row.pk)
