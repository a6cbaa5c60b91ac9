"""Checking a trail with nothing but the file: every digest, signature and link is computed anew, without a database.

The rules are those of the record (`reviews/verifying.py`); what other articles' transitions say is not in the file, so
of these only the hashes are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles import editions, notices
from articles.editions import Altered
from articles.models import Edition, Redaction
from people import interests
from reviews import chain, editorial, justifying, renewals, reviewed, verdicts
from reviews.interests import part_in_words, statement_in_words
from reviews.invitations import invitation_in_words, step_in_words
from reviews.models import InterestStatement, Renewal, Review, Transition, Verdict
from reviews.sight import INVITING
from reviews.trail.reading import Trail
from reviews.trail.rows import ROWS, fields_of
from reviews.verifying import by_key

BROKEN = (Altered, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError, OverflowError)
"""What reading a text that somebody made up may raise."""
SAID = {"state-interests", "recuse", "set-part"}


def problems(trail: Trail) -> Iterator[str]:
    """Everything that is not as it was written, as sentences: in the order of the record, and the whole file last."""
    try:
        yield from _Check(trail).run()
    except BROKEN:
        yield _("The file holds what no trail holds, so that it could not be checked to the end.")
    if trail.found != trail.whole or not trail.is_canonical:
        yield _("The file is not as it was exported: it was made with the digest %(whole)s and has %(found)s.") % {
            "whole": trail.whole[:64],
            "found": trail.found,
        }


def redactions(trail: Trail) -> Iterator[str]:
    """Every recorded redaction, as a sentence."""
    numbers = {row.pk: row.number for row in trail.rows["editions"]}
    for row in trail.rows["transitions"]:
        if row.move == "redact":
            yield _("Edition %(number)d: redacted by %(by)s on %(date)s (%(count)d pieces): %(why)s") % {
                "number": numbers.get(row.edition_id, 0),
                "by": row.by_name,
                "date": row.at.date().isoformat(),
                "count": len(row.pieces),
                "why": row.why,
            }


def parting(one: Trail, other: Trail, its_name: str, other_name: str) -> str | None:
    """Where the chains of two trails of one installation part, as a sentence; None where the longer goes on from the
    shorter. What one file cannot show of a link that it only has the hash of, a file with its content does.
    """
    for number, (left, right) in enumerate(zip(one.chain, other.chain, strict=False), 1):
        if left != right:
            return _("The chains of %(one)s and %(other)s differ from transition %(number)d on.") % {
                "one": its_name,
                "other": other_name,
                "number": number,
            }
    return None


class _Check:
    def __init__(self, trail: Trail) -> None:
        self.trail, self.rows = trail, trail.rows
        self.article: int = trail.article["id"]
        self.by_id = {name: {row.pk: row for row in rows} for name, rows in trail.rows.items()}
        self.redacted: dict[str, Redaction] = {
            row.original: row for row in sorted(trail.rows["redactions"], key=lambda row: row.pk)
        }

    def run(self) -> Iterator[str]:
        yield from self._keys()
        loose = list(self._tied())
        yield from loose
        yield from self._chain()
        yield from self._transitions()
        yield from self._unnamed()
        yield from self._declarations()
        yield from self._states()
        yield from self._rounds()
        yield from self._dates_of_review()
        if not loose:
            yield from self._told()

    def standing_for(self, original: str, left: str) -> Redaction | None:
        """What the database's table of redactions would say."""
        newest = self.redacted.get(original)
        return newest if newest and newest.left == left else None

    def _tied(self) -> Iterator[str]:
        """Tie each row to those that it names, so that no rule asks a database for them; say which are missing."""
        lists: dict[Any, str] = {model: name for name, (model, _fields) in ROWS.items()}
        for name, rows in self.rows.items():
            for field in fields_of(name):
                there = lists.get(field.related_model)
                if there is None:
                    continue
                for row in rows:
                    pk = getattr(row, field.attname)
                    if pk is not None and pk not in self.by_id[there]:
                        yield _("Row id %(id)d of “%(name)s” names a row of “%(other)s” that is missing.") % {
                            "id": row.pk,
                            "name": name,
                            "other": there,
                        }
                    elif pk is not None:
                        setattr(row, field.name, self.by_id[there][pk])

    def _keys(self) -> Iterator[str]:
        """No row is there twice, and each speaks of this article."""
        for name, rows in self.rows.items():
            if len(self.by_id[name]) != len(rows):
                yield _("A row of “%(name)s” stands there twice.") % {"name": name}
            for row in rows:
                if getattr(row, "article_id", self.article) != self.article:
                    yield _("Row id %(id)d of “%(name)s” belongs to another article.") % {"id": row.pk, "name": name}

    def _chain(self) -> Iterator[str]:
        hashes, head = self.trail.chain, self.trail.head
        if (head["number"], head["hash"]) != (len(hashes), hashes[-1] if hashes else ""):
            yield _("The chain ends at transition %(number)d, but its head names %(head)d.") % {
                "number": len(hashes),
                "head": head["number"],
            }
        if len(set(hashes)) != len(hashes):
            yield _("A hash stands in the chain twice.")

    def _transitions(self) -> Iterator[str]:
        """In their order: each is what its hash was made of, stands at its place in the chain, and follows the others.

        What a transition names for the first time is checked there, so that the first sentence names the first thing.
        """
        seen: set[tuple[str, int]] = set()
        before = 0
        for row in self.rows["transitions"]:
            if row.number <= before:
                yield _("Transition %(number)d stands out of its order.") % {"number": row.number}
            before = row.number
            yield from self._link(row)
            yield from self._edition_of(row, seen)
            yield from self._signed(row, seen)

    def _link(self, row: Transition) -> Iterator[str]:
        found = chain.hash_of(row)
        if found != row.hash and not self.standing_for(row.hash, found):
            yield _("Transition %(number)d was altered: its hash is not what its columns give.") % {
                "number": row.number
            }
        hashes, place = self.trail.chain, row.number - 1
        if not 0 <= place < len(hashes) or hashes[place] != row.hash:
            yield _("Transition %(number)d is not the one that the chain has there.") % {"number": row.number}
        elif row.previous_hash != (hashes[place - 1] if place else ""):
            yield _("Transition %(number)d does not follow the transition before it in the chain.") % {
                "number": row.number
            }

    def _edition_of(self, row: Transition, seen: set[tuple[str, int]]) -> Iterator[str]:
        edition = self.by_id["editions"].get(row.edition_id)
        if edition is None:
            yield _("Edition id %(id)d, named by transition %(number)d, is missing.") % {
                "id": row.edition_id,
                "number": row.number,
            }
            return
        if ("edition", edition.pk) not in seen:
            seen.add(("edition", edition.pk))
            problem = _guarded(lambda: editions.first_difference(edition, standing_for=self.standing_for))
            if problem:
                yield _("Edition %(number)d was altered: %(problem)s") % {"number": edition.number, "problem": problem}
        if edition.digest != row.edition_digest:
            yield _("Transition %(number)d speaks of edition %(edition)d with another digest.") % {
                "number": row.number,
                "edition": edition.number,
            }

    def _signed(self, row: Transition, seen: set[tuple[str, int]]) -> Iterator[str]:
        if row.move == "renew":
            yield from self._renewal(row, seen)
        elif row.verdict_signature or row.verdict_id is not None:
            verdict = self.by_id["verdicts"].get(row.verdict_id)
            if verdict is None or verdict.signature != row.verdict_signature or verdict.edition_id is None:
                yield _("The verdict of transition %(number)d is missing or was replaced.") % {"number": row.number}
            elif ("verdict", verdict.pk) not in seen:
                seen.add(("verdict", verdict.pk))
                yield from self._verdict(verdict)

    def _verdict(self, verdict: Verdict) -> Iterator[str]:
        edition = self.by_id["editions"].get(verdict.edition_id)
        problem = _guarded(
            lambda: (
                verdicts.first_difference(verdict, standing_for=self.standing_for)
                or self._bound(verdict, edition)
                or self._declaration_of(verdict, editions.VERDICT)
            )
        )
        if problem:
            yield _("Verdict id %(id)d was altered: %(problem)s") % {"id": verdict.pk, "problem": problem}

    def _bound(self, row: Any, edition: Edition | None) -> str | None:
        """What is signed is bound to the digest of the edition that stands in this file."""
        if edition is None or row.edition_digest != edition.digest:
            return _("it was signed for another text than this edition’s.")
        return None

    def _declaration_of(self, signed: Verdict | Renewal, name: str) -> str | None:
        named = editions.parse(name, signed.statement).get("declaration")
        if named is None:
            return None
        row = self.by_id["declarations"].get(named["id"])
        if row is None or (row.person_id, row.digest) != (signed.member_id, named["digest"]):
            return _("the declaration of interests that was signed with it is missing or altered.")
        return None

    def _renewal(self, row: Transition, seen: set[tuple[str, int]]) -> Iterator[str]:
        found = [one for one in self.rows["renewals"] if one.signature == row.verdict_signature]
        expected = (row.edition_id, row.by_id, row.at)
        if len(found) != 1 or (found[0].edition_id, found[0].member_id, found[0].at) != expected:
            yield _("The re-review of transition %(number)d is missing or was replaced.") % {"number": row.number}
            return
        renewal = found[0]
        seen.add(("renewal", renewal.pk))
        edition = self.by_id["editions"].get(renewal.edition_id)
        problem = _guarded(
            lambda: (
                renewals.first_difference(renewal, standing_for=self.standing_for)
                or self._bound(renewal, edition)
                or self._declaration_of(renewal, editions.RENEWAL)
            )
        )
        if problem:
            yield _("Re-review id %(id)d was altered: %(problem)s") % {"id": renewal.pk, "problem": problem}

    def _unnamed(self) -> Iterator[str]:
        """Nothing stands there that no transition names: it would have been added past the workflow."""
        named = {
            "editions": {row.edition_id for row in self.rows["transitions"]},
            "verdicts": {row.verdict_id for row in self.rows["transitions"]},
        }
        signatures = {row.verdict_signature for row in self.rows["transitions"] if row.move == "renew"}
        named["renewals"] = {row.pk for row in self.rows["renewals"] if row.signature in signatures}
        words = {"editions": _("Edition"), "verdicts": _("Verdict"), "renewals": _("Re-review")}
        for name, there in named.items():
            for pk in self.by_id[name].keys() - there:
                yield _("%(what)s id %(id)d is named by no transition.") % {"what": words[name], "id": pk}

    def _declarations(self) -> Iterator[str]:
        for row in self.rows["declarations"]:
            if _guarded(lambda: "" if interests.digest_of(row) == row.digest else "x"):  # noqa: B023 - called at once
                yield _("The declaration of interests id %(id)d was altered.") % {"id": row.pk}

    def _states(self) -> Iterator[str]:
        """Each transition begins in the state in which the one before it ended, and the last ones give what stands."""
        states: dict[int, str] = {}
        standing, public = "", None
        for row in self.rows["transitions"]:
            if row.subject == Transition.Subject.REVIEW:
                was = states.get(row.edition_id, "")
                states[row.edition_id] = row.to_state
            elif row.to_state:
                was, standing, public = standing, row.to_state, row.edition_id
            else:
                continue
            if row.from_state != was:
                yield _("Transition %(number)d begins in the state “%(from)s”; those before led to “%(was)s”.") % {
                    "number": row.number,
                    "from": row.from_state,
                    "was": was,
                }
        stored = {row.edition_id: row.state for row in self.rows["reviews"]}
        for edition in sorted(states.keys() | stored.keys()):
            if states.get(edition) != stored.get(edition):
                yield _("The review of edition id %(id)d says “%(stored)s”; its last transition says “%(last)s”.") % {
                    "id": edition,
                    "stored": stored.get(edition, ""),
                    "last": states.get(edition, ""),
                }
        if [(row.standing, row.edition_id) for row in self.rows["publications"]] != (
            [(standing, public)] if standing else []
        ):
            yield _("The standing of the answer is not what its last transition says.")

    def _rounds(self) -> Iterator[str]:
        """What a review says of flagged works, and whether it is an editorial fix, is what was submitted."""
        submitted = {row.edition_id: row.reason for row in self.rows["transitions"] if row.move == "submit"}
        for review in self.rows["reviews"]:
            said = submitted.get(review.edition_id, "")
            words = _guarded(lambda: justifying.in_words(review.justifications))  # noqa: B023 - called at once
            if not said.endswith(words or "") or editorial.number_in(review) != editorial.said_in(said):
                yield _("The review of edition id %(id)d is not what was submitted.") % {"id": review.edition_id}

    def _dates_of_review(self) -> Iterator[str]:
        numbers = {row.pk: row.number for row in self.rows["editions"]}
        rounds = {row.edition_id: row for row in self.rows["reviews"]}
        by_number = {numbers[pk]: row for pk, row in rounds.items() if pk in numbers}
        renewed = {row.edition_id: row for row in sorted(self.rows["renewals"], key=lambda row: (row.at, row.pk))}

        def numbered(review: Review, number: int) -> Review:
            if number >= numbers[review.edition_id]:
                raise ValueError(number)  # an edition mends an earlier one: else this would never end
            return by_number[number]

        for row in self.rows["publications"]:
            expected: tuple[Any, Any] | None
            try:
                last = reviewed.last_of(
                    rounds[row.edition_id], renewed=lambda one: renewed.get(one.edition_id), numbered=numbered
                )
                expected = (last.at, last.due_on) if last else (None, None)
            except BROKEN:
                expected = None
            if (row.reviewed_at, row.review_due_on) != expected:
                yield _("The dates of review are not what was signed.")

    def _told(self) -> Iterator[str]:
        """Notices, statements, parts, invitations, their steps and redactions: each is told of by a transition."""
        moves = self.rows["transitions"]

        def of(names: Iterable[str]) -> Counter[tuple[Any, ...]]:
            return Counter((row.edition_id, row.reason, row.at, row.by_id) for row in moves if row.move in names)

        yield from self._compared(
            of({"add-notice"}),
            {"notices": lambda row: (row.edition_id, notices.recorded(row), row.at, row.by_id)},
            _("Notice"),
            once={"notices": lambda row: (row.edition_id, by_key(row), row.at, row.by_id)},
        )
        yield from self._compared(
            of(SAID),
            {
                "statements": lambda row: (row.edition_id, _whole_statement(row), row.at, row.member_id),
                "parts": lambda row: (row.edition_id, part_in_words(row), row.at, row.by_id),
            },
            _("Statement of interests, or part,"),
        )
        yield from self._compared(
            of(INVITING),
            {
                "invitations": lambda row: (row.edition_id, invitation_in_words(row), row.at, row.by_id),
                "invitation_steps": lambda row: (row.invitation.edition_id, step_in_words(row), row.at, row.by_id),
            },
            _("Invitation, or answer to one,"),
        )
        told = Counter((line,) for row in moves for line in row.pieces)
        yield from self._compared(told, {"redactions": lambda row: (row.told,)}, _("Redaction"))

    def _compared(
        self,
        left: Counter[tuple[Any, ...]],
        keys: dict[str, Callable[[Any], tuple[Any, ...]]],
        what: str,
        *,
        once: dict[str, Callable[[Any], tuple[Any, ...]]] | None = None,
    ) -> Iterator[str]:
        """`once` is how transitions told of the same formerly."""
        for name, key in keys.items():
            for row in self.rows[name]:
                said = key(row)
                if left[said] < 1 and once:
                    said = once[name](row)
                if left[said] < 1:
                    yield _("%(what)s id %(id)d is not what its transition tells of.") % {"what": what, "id": row.pk}
                left[said] -= 1
        missing = sum(count for count in left.values() if count > 0)
        if missing:
            yield _("%(what)s: %(count)d are missing or altered.") % {"what": what, "count": missing}


def _whole_statement(row: InterestStatement) -> str | None:
    """A statement in the words of its transition; None for one that names somebody and no interest."""
    return None if row.with_whom and not row.what else statement_in_words(row)


def _guarded(check: Callable[[], str | None]) -> str | None:
    """What a check says, or that the text could not be read."""
    try:
        return check()
    except Altered as error:
        return str(error)
    except BROKEN:
        return _("it cannot be read.")
