"""What becomes of readers' questions: taken up, asked back, made a draft, answered, told, and erased in time.

Every function here is the one way to its change, and refuses in one plain sentence. `work` is what the sweep does.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import drafting, due
from articles.models import Article, Publication
from people import outbox
from people.models import Kind, Message, Role, User
from people.notifying import notify
from readers.masking import masked
from readers.models import FollowUpQuestion

State = FollowUpQuestion.State
OPEN = frozenset({State.NEW.value, State.ASKED_BACK.value, State.DRAFT.value})
"""States in which something is still to be done."""
LONGEST_QUESTION_BACK = 2000
TOLD_AT_ONCE = 200
SENT_AGAIN = datetime.timedelta(minutes=15)
"""For how long the same words of the same sender are one question."""


class Refused(Exception):
    """Why a question may not be changed so: one plain sentence."""


def take_in(
    *, text: str, email: str, audience: str, article_id: int | None, edition_number: int | None, sender: str = ""
) -> FollowUpQuestion:
    """Keep what a reader asked, with the day on which their personal details go (settings.QUESTION_DAYS).

    The same words from the same `sender` within SENT_AGAIN, as a double click or a page that is sent anew makes them,
    are the question that is there.
    """
    once = _digest(text, email, article_id, sender)
    if there := sent_already(text=text, email=email, article_id=article_id, sender=sender):
        return there
    older = FollowUpQuestion.objects.filter(sent_once=once, asked_at__lte=timezone.now() - SENT_AGAIN)
    older.update(sent_once=None)
    try:
        with transaction.atomic():
            return FollowUpQuestion.objects.create(
                article_id=article_id,
                edition_number=edition_number,
                audience=audience,
                text=text,
                email=email,
                sent_once=once,
            )
    except IntegrityError:
        return FollowUpQuestion.objects.get(sent_once=once)


def sent_already(*, text: str, email: str, article_id: int | None, sender: str) -> FollowUpQuestion | None:
    """The question that the same words of the same sender made a short while ago, unless it was erased since."""
    once = _digest(text, email, article_id, sender)
    return FollowUpQuestion.objects.filter(sent_once=once, asked_at__gt=timezone.now() - SENT_AGAIN).first()


def _digest(text: str, email: str, article_id: int | None, sender: str) -> str:
    sent = json.dumps([text, email.casefold(), article_id, sender])
    return salted_hmac("readers.triage", sent, algorithm="sha256").hexdigest()


# -- What an asker may do ------------------------------------------------------------------------------------------


def token_of(question: FollowUpQuestion) -> str:
    """What only the asker gets: it opens their own question at its public address."""
    return _signer().sign(str(question.pk))


def opened_with(token: str) -> FollowUpQuestion | None:
    """The question that a token opens; None for any other word."""
    try:
        pk = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    related = ("answered_by__publication", "duplicate_of__answered_by__publication", "article__publication")
    return FollowUpQuestion.objects.select_related(*related).filter(pk=pk).first()


def address_of(question: FollowUpQuestion) -> str:
    """The asker's own address of the question."""
    return settings.SITE_URL + reverse("readers:my_question", args=[token_of(question)])


def _signer() -> Signer:
    return Signer(salt="readers.triage")


def reply(question: FollowUpQuestion, *, text: str) -> None:
    """Keep what the asker answers to a question back: it stands among the new ones again. Raises Refused.

    The same answer sent twice is kept once.
    """
    with transaction.atomic():
        row = _locked(question)
        if row.state == State.NEW and row.reply and row.reply.endswith(text.strip()):
            return
        if row.state != State.ASKED_BACK or row.erased_at:
            raise Refused(_("Nothing is asked of you at present, so nothing was sent."))
        row.reply = "\n\n".join(part for part in (row.reply, text.strip()) if part)
        row.state = State.NEW
        row.save(update_fields=["reply", "state"])


def erase(question: FollowUpQuestion, *, why: str, at: datetime.datetime | None = None) -> bool:
    """Take the asker's words and address out, for good; False where that was done already.

    At the asker's wish all words go; where the date has come, what is left is the masked question.
    """
    at = at or timezone.now()
    with transaction.atomic():
        row = _locked(question)
        is_wish = why == FollowUpQuestion.Erased.WISH
        if row.erased_at and not (is_wish and (row.text or row.reply or row.asked_back)):
            return False
        row.text = "" if is_wish else masked(row.text)
        row.reply = "" if is_wish else masked(row.reply)
        # An editor's question back may repeat what the reader wrote.
        row.asked_back = "" if is_wish else masked(row.asked_back)
        row.email = ""
        row.sent_once = None
        row.erased_at, row.erased_why = at, why
        row.save(update_fields=["text", "reply", "asked_back", "email", "sent_once", "erased_at", "erased_why"])
        Message.objects.filter(key__startswith=f"asker:{row.pk}:").delete()
    return True


# -- What an editor may do -----------------------------------------------------------------------------------------


def reads_in_full(question: FollowUpQuestion, person: User) -> bool:
    """Whether this person reads the asker's words and address unmasked: the editor who has the question in hand."""
    return question.triaged_by_id == person.pk and Role.EDITOR.value in person.roles()


def take_up(question: FollowUpQuestion, *, by: User) -> None:
    """Take a question in hand, also from another editor: from then on this editor alone reads it in full."""
    _editor(by)
    FollowUpQuestion.objects.filter(pk=question.pk).update(triaged_by=by)


def ask_back(question: FollowUpQuestion, *, by: User, text: str) -> None:
    """Ask the reader something, by mail, with a link to answer by; the same twice asks once. Raises Refused."""
    words = text.strip()
    with transaction.atomic():
        row = _in_hand(question, by)
        if not words:
            raise Refused(_("Write what you want to ask the reader."))
        if len(words) > LONGEST_QUESTION_BACK:
            raise Refused(
                _("Your question has %(length)d characters; at most %(limit)d fit.")
                % {"length": len(words), "limit": LONGEST_QUESTION_BACK}
            )
        if not row.email:
            raise Refused(_("This reader left no e-mail address, so nobody can be asked."))
        if row.state == State.ASKED_BACK and row.asked_back == words:
            return
        _set(row, State.ASKED_BACK, asked_back=words)
        outbox.post(
            key=f"asker:{row.pk}:back:{timezone.now().isoformat()}",
            to=row.email,
            subject=_("About the question that you asked"),
            text=_(
                "You asked:\n\n%(question)s\n\nOne of our editors asks you:\n\n%(back)s\n\n"
                "Answer here. There you can also erase your question and your address:\n\n%(link)s\n\n"
                "We can't advise on your own care.\n"
            )
            % {"question": row.text, "back": words, "link": address_of(row)},
        )


def make_draft(
    question: FollowUpQuestion, *, by: User, author: User, title: str, due_on: datetime.date | None
) -> Article:
    """Begin an answer to the question for an author, due on a day, and tell the author. Raises Refused."""
    with transaction.atomic():
        row = _in_hand(question, by)
        if row.draft_id:
            raise Refused(_("A draft is there already: hand that one over if another author should write it."))
        if not author.is_active or not {Role.AUTHOR.value, Role.EDITOR.value} & author.roles():
            raise Refused(_("%(name)s is no author at present.") % {"name": author})
        if due_on and due_on < timezone.localdate():
            raise Refused(_("The due date is past. Choose today or a later day."))
        entry = drafting.byline_entry(name=author.name, credentials=author.credentials, orcid=author.orcid, user=author)
        article = Article(question=title, owner=author, byline=[entry], follow_up_of=row.article)
        drafting.save(
            article, by=by, base_version=0, comment=_("From a reader's question, number %(pk)d") % {"pk": row.pk}
        )
        if due_on:
            due.set_due(article, on=due_on, by=by, quietly=True)
        _set(row, State.DRAFT, draft=article)
        _tell_author(row, article, by=by, due_on=due_on)
    return article


def join_draft(question: FollowUpQuestion, *, by: User, article: Article) -> None:
    """Note that an article that is being written will answer the question, and tell its author. Raises Refused."""
    with transaction.atomic():
        row = _in_hand(question, by)
        if Publication.objects.offered().filter(article=article).exists():
            raise Refused(_("This answer is public: choose “answered” instead."))
        _set(row, State.DRAFT, draft=article)
        _tell_author(row, article, by=by, due_on=None)


def answered(question: FollowUpQuestion, *, by: User, article: Article) -> None:
    """Note that a public answer answers the question; the asker is told once. Raises Refused."""
    with transaction.atomic():
        _turn()
        row = _in_hand(question, by)
        if not Publication.objects.offered().filter(article=article).exists():
            raise Refused(_("Only an answer that the public can find answers a question."))
        _set(row, State.ANSWERED, answered_by=article)
        _tell_asker(row, article)
        for copy in _copies(row):
            _tell_asker(copy, article)


def duplicate(question: FollowUpQuestion, *, by: User, of: FollowUpQuestion) -> None:
    """Note that the same was asked before; what is told of that one is told of this one, too. Raises Refused."""
    with transaction.atomic():
        _turn()
        row = _in_hand(question, by)
        of = FollowUpQuestion.objects.select_related("duplicate_of__answered_by").get(pk=of.pk)
        first = of.duplicate_of or of
        if first.pk == row.pk:
            raise Refused(_("A question can't be asked before itself."))
        if row.duplicates.exists():
            raise Refused(_("Other questions are marked as the same as this one, so it stays the first of them."))
        _set(row, State.DUPLICATE, duplicate_of=first)
        if first.state == State.ANSWERED and first.answered_by:
            _tell_asker(row, first.answered_by)


def set_aside(question: FollowUpQuestion, *, by: User, state: str, note: str) -> None:
    """Close a question that gets no answer here, with a note for the desk: out of scope, or no question at all."""
    if state not in {State.OUT_OF_SCOPE, State.CLOSED}:
        raise ValueError(f"{state} does not set a question aside.")
    with transaction.atomic():
        row = _in_hand(question, by)
        if not note.strip():
            raise Refused(_("Say why in a few words, for those who read this later."))
        _set(row, state, note=note.strip())


def reopen(question: FollowUpQuestion, *, by: User) -> None:
    """Put a question back among the new ones. Raises Refused."""
    with transaction.atomic():
        row = _in_hand(question, by)
        if row.state in {State.NEW, State.DRAFT}:
            raise Refused(_("This question is open."))
        _set(row, State.NEW)


def _set(row: FollowUpQuestion, state: str, **changed: Any) -> None:
    """Set the state and what belongs to it; what belonged to another state goes, but the draft and the note stay."""
    row.state = state
    row.answered_by = changed.pop("answered_by", None)
    row.duplicate_of = changed.pop("duplicate_of", None)
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()


def _editor(by: User) -> None:
    if Role.EDITOR.value not in by.roles():
        raise Refused(_("Only an editor can do this."))


def _in_hand(question: FollowUpQuestion, by: User) -> FollowUpQuestion:
    """The question as it stands now, locked, for the editor who has it in hand. Raises Refused for anybody else."""
    _editor(by)
    row = _locked(question)
    if row.triaged_by_id != by.pk:
        other = row.triaged_by
        if other is None:
            raise Refused(_("Take the question up first."))
        raise Refused(_("%(name)s has this question in hand now. Take it up to go on with it.") % {"name": other})
    return row


def _turn() -> None:
    """Let the moves that read or change several questions go one after another; nothing else waits for them.

    They hold the row of the very first question, which is never deleted: no two can meet in another order.
    """
    FollowUpQuestion.objects.select_for_update(no_key=True).order_by("pk").values_list("pk").first()


def _locked(question: FollowUpQuestion) -> FollowUpQuestion:
    return FollowUpQuestion.objects.select_for_update().get(pk=question.pk)


# -- Telling -------------------------------------------------------------------------------------------------------


def _tell_author(row: FollowUpQuestion, article: Article, *, by: User, due_on: datetime.date | None) -> None:
    if article.owner_id == by.pk:
        return
    sentence = _("%(by)s gave you a reader's question to answer: %(question)s")
    if due_on:
        sentence = _("%(by)s gave you a reader's question to answer by %(day)s: %(question)s")
    notify(
        [article.owner],
        kind=Kind.QUESTION,
        about=f"question:{row.pk}:draft:{article.pk}",
        sentence=sentence
        % {"by": by, "question": article.question, "day": date_format(due_on, "j F Y") if due_on else ""},
        address=reverse("desk:article", args=[article.pk]),
        subject=_("A reader's question for you"),
    )


def _tell_asker(row: FollowUpQuestion, article: Article) -> None:
    """One message to whoever left an address, once; the address goes with it."""
    if row.told_at or not row.email:
        return
    publication = article.publication
    is_pending = publication.standing != "live"
    caution = _("The medical advisory board has not finished its review of this answer; its page says so.\n\n")
    outbox.post(
        key=f"asker:{row.pk}:answered",
        to=row.email,
        subject=_("Your question is answered"),
        text=_(
            "You asked:\n\n%(question)s\n\nThis answer is public now:\n\n%(answer)s\n%(address)s\n\n%(caution)s"
            "It is for education and can't advise on your own care. We have no further use for your address, and "
            "have erased it from your question. You can erase the question itself here:\n\n%(link)s\n"
        )
        % {
            "question": row.text,
            "answer": publication.question,
            "address": settings.SITE_URL + reverse("readers:answer", args=[publication.slug]),
            "caution": caution if is_pending else "",
            "link": address_of(row),
        },
    )
    FollowUpQuestion.objects.filter(pk=row.pk).update(told_at=timezone.now(), email="")


def _copies(row: FollowUpQuestion) -> QuerySet[FollowUpQuestion]:
    return FollowUpQuestion.objects.select_for_update().filter(duplicate_of=row, told_at=None)


def tell_due() -> int:
    """Questions whose draft the board approved and an editor made public are answered; their askers are told, once.

    Returns how many became answered. Running it twice, or two at once, tells nobody twice.
    """
    done = 0
    live = Publication.objects.indexable().values("article")
    waiting = FollowUpQuestion.objects.filter(state=State.DRAFT, draft__in=live).values_list("pk", flat=True)
    for pk in list(waiting[:TOLD_AT_ONCE]):
        with transaction.atomic():
            _turn()
            row = FollowUpQuestion.objects.select_for_update().get(pk=pk)
            if row.state != State.DRAFT or row.draft is None:
                continue
            _set(row, State.ANSWERED, answered_by=row.draft)
            _tell_asker(row, row.draft)
            for copy in _copies(row):
                _tell_asker(copy, row.draft)
            done += 1
    return done


def erase_due(*, at: datetime.datetime | None = None) -> int:
    """Erase the personal details whose date is past, and mails to askers that were sent; how many questions it was."""
    at = at or timezone.now()
    day = timezone.localdate(at)
    due_rows = FollowUpQuestion.objects.filter(erased_at=None, expires_on__lt=day)[:TOLD_AT_ONCE]
    done = sum(erase(row, why=FollowUpQuestion.Erased.EXPIRED, at=at) for row in due_rows)
    FollowUpQuestion.objects.filter(sent_once__isnull=False, asked_at__lt=at - SENT_AGAIN).update(sent_once=None)
    Message.objects.filter(key__startswith="asker:", sent_at__isnull=False).delete()
    return done
