"""The move that takes a patient's words out of a record that is otherwise only added to.

In one transaction: editions, verdicts, reasons and notices of the article lose the passages, each piece with a row that
says which digest it had and has; the draft loses them by a new version; older versions, autosaves, comments, news, mail
and what readers sent lose them in place; public pages and the search index are made anew; and a transition for each
edition concerned tells of its pieces. State, standing and signatures stay as they are.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import reversion
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Version

from articles import drafting, editions, history, publishing
from articles.models import (
    Article,
    Autosave,
    Comment,
    Edition,
    Image,
    Notice,
    Presence,
    Publication,
    Redaction,
    Thread,
)
from articles.redacting import ELSEWHERE, SHORTEST, Passages, out_of_rows
from people.models import Message, Notification, User
from reviews import chain, statements
from reviews.models import (
    PIECES,
    InterestStatement,
    InvitationStep,
    Part,
    Renewal,
    Review,
    ReviewInvitation,
    ScheduledPublication,
    Transition,
    Verdict,
)
from reviews.protection import lifted
from reviews.workflow.cases import case_of
from reviews.workflow.making import locked, require
from reviews.workflow.table import REVIEW, Refused

NOTICE_TEXTS = ("text", "reason", "asked_by")
_TABLES = [
    model._meta.db_table
    for model in (
        Edition,
        Verdict,
        Renewal,
        Transition,
        Notice,
        InterestStatement,
        Part,
        ReviewInvitation,
        InvitationStep,
    )
]


@dataclass
class Redacted:
    """What a redaction did: how often each kind of place held a passage, and the salt of the markers."""

    salt: str
    markers: dict[str, str]
    places: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def redact(
    article: Article, passages: Sequence[str], *, by: User, reason: str, via: str = "command", salt: str = ""
) -> Redacted:
    """Take the passages out of everything that is kept of this article. Raises Refused, and changes nothing then:
    without a reason, by who is no chief editor, where nothing is found, and where a passage would still be read.
    """
    words = Passages(tuple(_asked(passages)), salt or secrets.token_hex(16))
    if words.still_in(reason):
        raise Refused(_("The reason repeats what is to be removed. It stays in the record: say it in other words."))
    done = Redacted(words.salt, {one: words.marker(one) for one in words.words})
    at = timezone.now()
    with transaction.atomic():
        row = locked(article.pk)
        rows = list(Edition.objects.filter(article=row).order_by("number"))
        for edition in [*rows, None]:
            require("redact", case_of(row, edition), by=by, reason=reason)
        pieces: dict[int, list[Redaction]] = defaultdict(list)

        def note(edition: int, piece: str, pk: int, original: str, left: str) -> None:
            pieces[edition].append(
                Redaction(article=row, piece=piece, row=pk, original=original, left=left, at=at, by=by)
            )

        with lifted(connection, _TABLES):
            count = _counter(words, done)
            count(_("editions"), lambda: _editions(rows, words, note))
            count(_("verdicts"), lambda: _verdicts(row, words, note))
            count(_("reviews again"), lambda: _renewals(row, words, note))
            count(_("reasons of moves"), lambda: _transitions(row, words, note))
            count(_("notices"), lambda: out_of_rows(Notice.objects.filter(article=row), NOTICE_TEXTS, words))
            count(_("interests"), lambda: _interests(row, words))
            count(_("invitations"), lambda: _invitations(row, words))
            _settle()
        Redaction.objects.bulk_create(piece for of_edition in pieces.values() for piece in of_edition)
        count(_("draft"), lambda: _draft(row, words, by, reason))
        count(_("versions"), lambda: _versions(row, words))
        count(_("what stands beside the text"), lambda: _beside(row, words))
        count(_("news and mail"), lambda: _told(words))
        count(_("what readers sent"), lambda: _elsewhere(row, words))
        if not words.found:
            raise Refused(_("Nothing of it stands in what is kept of this article."))
        _look_again(row, words)
        for edition in rows:
            if pieces[edition.pk]:
                _record(edition, pieces[edition.pk], by=by, at=at, reason=reason, via=via)
        _publish_anew(row, words, at=at)
        done.warnings = _warnings(row, words)
    return done


def _asked(passages: Iterable[str]) -> list[str]:
    asked = list(dict.fromkeys(" ".join(one.split()) for one in passages if one.strip()))
    if not asked:
        raise Refused(_("Give the words that are to be removed."))
    for one in asked:
        if len(one) < SHORTEST:
            raise Refused(
                _("“%(words)s” is too short to be removed blindly: give it with the words around it.") % {"words": one}
            )
    return asked


def _counter(words: Passages, done: Redacted) -> Callable[[str, Callable[[], None]], None]:
    def count(place: str, act: Callable[[], None]) -> None:
        before = words.found
        act()
        if words.found > before:
            done.places[place] = words.found - before

    return count


Note = Callable[[int, str, int, str, str], None]


def _editions(rows: Iterable[Edition], words: Passages, note: Note) -> None:
    for edition in rows:
        source = words.out_of_canonical(editions.SOURCE, edition.source)
        frozen = words.out_of_canonical(editions.FROZEN, edition.frozen)
        changed = (source != bytes(edition.source), frozen != bytes(edition.frozen))
        if changed[0]:
            note(edition.pk, Redaction.Piece.SOURCE, edition.pk, edition.source_digest, editions.digest(source))
        if changed[1]:
            note(edition.pk, Redaction.Piece.FROZEN, edition.pk, edition.digest, editions.digest(frozen))
        if any(changed):
            question = words.out_of(edition.question)
            Edition.objects.filter(pk=edition.pk).update(source=source, frozen=frozen, question=question)


def _verdicts(article: Article, words: Passages, note: Note) -> None:
    _signed(Verdict.objects.filter(edition__article=article), editions.VERDICT, Redaction.Piece.VERDICT, words, note)


def _renewals(article: Article, words: Passages, note: Note) -> None:
    _signed(Renewal.objects.filter(edition__article=article), editions.RENEWAL, Redaction.Piece.RENEWAL, words, note)


def _signed(rows: models.QuerySet[Any], name: str, piece: str, words: Passages, note: Note) -> None:
    """Statements that were signed, in the format `name`."""
    for row in rows:
        statement = words.out_of_canonical(name, row.statement)
        if statement != bytes(row.statement):
            note(row.edition_id, piece, row.pk, row.signature, editions.digest(statement))
            type(row)._default_manager.filter(pk=row.pk).update(statement=statement)


def _transitions(article: Article, words: Passages, note: Note) -> None:
    for row in Transition.objects.filter(article=article):
        reason = words.out_of(row.reason)
        if reason != row.reason:
            row.reason = reason
            note(row.edition_id, Redaction.Piece.TRANSITION, row.pk, row.hash, chain.hash_of(row))
            Transition.objects.filter(pk=row.pk).update(reason=reason)


def _interests(article: Article, words: Passages) -> None:
    """Statements and parts: their transitions say the same, and lose the same words."""
    out_of_rows(InterestStatement.objects.filter(edition__article=article), ("what", "with_whom"), words)
    out_of_rows(Part.objects.filter(article=article), ("reason",), words)


def _invitations(article: Article, words: Passages) -> None:
    """Notes and reasons of invitations: their transitions say the same, and lose the same words."""
    out_of_rows(ReviewInvitation.objects.filter(edition__article=article), ("note",), words)
    out_of_rows(InvitationStep.objects.filter(invitation__edition__article=article), ("reason",), words)


def _draft(article: Article, words: Passages, by: User, reason: str) -> None:
    names = (*drafting.TEXT_FIELDS, "keywords")
    values = {name: words.out_of_all(getattr(article, name)) for name in names}
    if all(values[name] == getattr(article, name) for name in names):
        return
    for name, value in values.items():
        setattr(article, name, value)
    drafting.save(article, by=by, base_version=article.version, comment=_("Redacted: %(why)s") % {"why": reason})


def _versions(article: Article, words: Passages) -> None:
    for version in Version.objects.get_for_object(article).select_related("revision"):
        data, name = _in_json(version.serialized_data, words), words.out_of(version.object_repr)
        if (data, name) != (version.serialized_data, version.object_repr):
            Version.objects.filter(pk=version.pk).update(serialized_data=data, object_repr=name)
        comment = words.out_of(version.revision.comment)
        if comment != version.revision.comment:
            reversion.models.Revision.objects.filter(pk=version.revision_id).update(comment=comment)


def _in_json(data: str, words: Passages) -> str:
    """A stored version without the passages; as it is where none stands there."""
    stored = json.loads(data)
    left = words.out_of_all(stored)
    return data if left == stored else json.dumps(left, ensure_ascii=False)


def _beside(article: Article, words: Passages) -> None:
    out_of_rows(Autosave.objects.filter(article=article), ("fields",), words)
    out_of_rows(Thread.objects.filter(article=article), ("quoted", "exact", "prefix", "suffix", "because"), words)
    out_of_rows(Comment.objects.filter(thread__article=article), ("text",), words)
    out_of_rows(Image.objects.filter(article=article), ("alternative", "caption", "credit", "original_name"), words)
    out_of_rows(Review.objects.filter(article=article), ("justifications", "report"), words)
    out_of_rows(ScheduledPublication.objects.filter(article=article), ("note", "why"), words)


def _told(words: Passages) -> None:
    out_of_rows(Notification.objects.filter(_holds("sentence", words)), ("sentence",), words)
    out_of_rows(Message.objects.filter(_holds("text", words) | _holds("subject", words)), ("text", "subject"), words)


def _elsewhere(article: Article, words: Passages) -> None:
    for take_out in ELSEWHERE:
        take_out(article.pk, words)


def _holds(name: str, words: Passages) -> models.Q:
    held = models.Q()
    for one in words.words:
        held |= models.Q(**{f"{name}__icontains": one})
    return held


def _settle() -> None:
    """Check what the database has put off, so that triggers can be laid while rows of this transaction are there."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _look_again(article: Article, words: Passages) -> None:
    """Refuse where a passage would still be read: interrupted by markup, it was not found as it was given."""
    article.refresh_from_db()
    kept = [(_("the draft"), [getattr(article, name) for name in drafting.TEXT_FIELDS])]
    for edition in Edition.objects.filter(article=article):
        read = editions.read(edition)
        kept.append((_("edition %(number)d") % {"number": edition.number}, [read.source, read.frozen]))
    for version in history.versions_of(article):
        kept.append((_("an older version"), json.loads(version.serialized_data)))
    for place, texts in kept:
        left = words.still_in(texts)
        if left:
            raise Refused(
                _("In %(place)s “%(words)s” is interrupted by markup or formatting. Give it in shorter pieces as well.")
                % {"place": place, "words": left}
            )


def _record(edition: Edition, pieces: list[Redaction], *, by: User, at: Any, reason: str, via: str) -> None:
    state = Review.objects.values_list("state", flat=True).get(edition=edition)
    chain.append(
        edition=edition,
        subject=REVIEW,
        move="redact",
        from_state=state,
        to_state=state,
        by=by,
        at=at,
        reason=reason.strip() + PIECES + "\n".join(piece.told for piece in pieces),
        via=via,
    )


def _publish_anew(article: Article, words: Passages, *, at: Any) -> None:
    publication = Publication.objects.filter(article=article).select_related("edition").first()
    if publication is not None:
        publication.explanation = words.out_of(publication.explanation)
        publication.change_note = words.out_of(publication.change_note)
        publishing.make_public(publication, statements.statement_of(publication), at=at)


def _warnings(article: Article, words: Passages) -> list[str]:
    """What a redaction cannot reach and a person has to see to."""
    said = []
    open_now = Presence.objects.filter(article=article).select_related("person")
    for name in sorted({row.person.name for row in open_now}):
        said.append(
            _("%(name)s has the article open: an editor that was open before may still hold it.") % {"name": name}
        )
    slugs = " ".join([article.slug, *Publication.objects.filter(article=article).values_list("slug", flat=True)])
    if words.still_in(slugs.replace("-", " ")):
        said.append(_("The address of the answer holds it: give the answer another address."))
    if Image.objects.filter(article=article).exists():
        said.append(_("Look at the article's images: what stands in a picture is not found."))
    return said
