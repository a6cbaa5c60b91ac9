"""Checking the record: every digest, signature and link of the chain is computed anew, and every state compared."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from articles import editions, notices, policies
from articles.models import Edition, EditionImage, ImageFile, LivePage, Notice, Publication, Redaction, ReviewPolicy
from people import interests
from people.models import Declaration
from reviews import chain, editorial, justifying, renewals, reviewed, verdicts
from reviews.interests import part_in_words, statement_in_words
from reviews.invitations import invitation_in_words, step_in_words
from reviews.models import (
    ChainHead,
    InterestStatement,
    InvitationStep,
    Part,
    Renewal,
    Review,
    ReviewInvitation,
    Transition,
    Verdict,
)
from reviews.models.record import BY_KEY
from reviews.sight import INVITING


def problems() -> Iterator[str]:
    """Every altered, missing or added row of the record, as sentences, in the order in which they were written.

    Transitions are walked in their order; each edition, verdict and notice is checked at the transition that names it,
    so the first sentence names the first altered row.
    """
    previous, number = "", 0
    seen_editions: set[int] = set()
    seen_verdicts: set[int] = set()
    seen_renewals: set[int] = set()
    states: dict[int, str] = {}
    standings: dict[int, tuple[str, int]] = {}
    submitted: dict[int, str] = {}
    told: list[tuple[object, ...]] = []
    redacted: Counter[tuple[object, ...]] = Counter()
    said: list[tuple[object, ...]] = []
    invited: list[tuple[object, ...]] = []
    rows = Transition.objects.order_by("number").select_related("verdict").defer("edition")
    for row in rows.iterator(chunk_size=500):
        number += 1
        name = f"Transition {row.number}"
        if row.number != number:
            yield _("%(name)s follows number %(before)d: a transition is missing.") % {
                "name": name,
                "before": number - 1,
            }
            number = row.number
        if row.previous_hash != previous or not _is_whole(row):
            yield _("%(name)s (id %(id)d) was altered: its hash is not what its columns give.") % {
                "name": name,
                "id": row.pk,
            }
        previous = row.hash
        if row.edition_id not in seen_editions:
            seen_editions.add(row.edition_id)
            yield from _edition(row)
        elif not Edition.objects.filter(pk=row.edition_id, digest=row.edition_digest).exists():
            yield _("%(name)s speaks of edition id %(id)d with another digest.") % {"name": name, "id": row.edition_id}
        if row.move == "renew":
            yield from _renewal(row, seen_renewals)
        elif row.verdict_signature or row.verdict_id:
            yield from _verdict(row, seen_verdicts)
        if row.subject == Transition.Subject.REVIEW:
            states[row.edition_id] = row.to_state
        elif row.to_state:
            standings[row.article_id] = (row.to_state, row.edition_id)
        if row.move in SAID:
            said.append((row.edition_id, row.reason, row.at, row.by_id))
        if row.move in INVITING:
            invited.append((row.edition_id, row.reason, row.at, row.by_id))
        if row.move == "submit":
            submitted[row.edition_id] = row.reason
        redacted.update((piece, row.article_id, row.at, row.by_id) for piece in row.pieces)
        if row.move == "add-notice":
            told.append((row.article_id, row.edition_id, row.reason, row.at, row.by_id))
    yield from _head(number, previous)
    yield from _unnamed(seen_editions, seen_verdicts)
    yield from _unnamed_renewals(seen_renewals)
    yield from _image_files()
    yield from _declarations()
    yield from _policies()
    yield from _states(states, standings)
    yield from _justifications(submitted)
    yield from _editorial_fixes(submitted)
    yield from _dates_of_review()
    yield from _notices(told)
    yield from _redactions(redacted)
    yield from _said(said)
    yield from _invited(invited)
    yield from _pages()


def _is_whole(row: Transition) -> bool:
    """Whether the row's columns give its hash, or what a redaction left of its reason."""
    found = chain.hash_of(row)
    return found == row.hash or Redaction.objects.standing_for(row.hash, found) is not None


def redactions() -> Iterator[str]:
    """Every recorded redaction, as a sentence: what was removed by whom, when and why."""
    for row in Transition.objects.filter(move="redact").order_by("number").select_related("edition"):
        yield _(
            "Edition %(number)d of article %(article)d: redacted by %(by)s on %(date)s (%(count)d pieces): %(why)s"
        ) % {
            "number": row.edition.number,
            "article": row.article_id,
            "by": row.by_name,
            "date": row.at.date().isoformat(),
            "count": len(row.pieces),
            "why": row.why,
        }


def _redactions(told: Counter[tuple[object, ...]]) -> Iterator[str]:
    """Each redaction is one that a transition tells of, with its time and person, and none is missing."""
    for row in Redaction.objects.all():
        said = (row.told, row.article_id, row.at, row.by_id)
        if told[said] < 1:
            yield _("Redaction id %(id)d is told of by no transition.") % {"id": row.pk}
        told[said] -= 1
    missing = sum(count for count in told.values() if count > 0)
    if missing:
        yield _("%(count)d redactions are missing or altered.") % {"count": missing}


def _edition(row: Transition) -> Iterator[str]:
    edition = Edition.objects.filter(pk=row.edition_id).first()
    if edition is None:
        yield _("Edition id %(id)d, named by transition %(number)d, is missing.") % {
            "id": row.edition_id,
            "number": row.number,
        }
        return
    name = f"Edition {edition.number} of article {edition.article_id} (id {edition.pk})"
    try:
        problem = editions.first_difference(edition) or _images_of(edition)
    except (editions.Altered, KeyError, TypeError) as error:
        problem = str(error)
    if problem:
        yield _("%(name)s was altered: %(problem)s") % {"name": name, "problem": problem}
    elif edition.digest != row.edition_digest:
        yield _("%(name)s was replaced: transition %(number)d names another digest.") % {
            "name": name,
            "number": row.number,
        }


def _images_of(edition: Edition) -> str | None:
    """The first way in which the images beside an edition are not those that it froze."""
    named = {image["digest"] for image in editions.read(edition).frozen["images"]}
    beside = EditionImage.objects.filter(edition=edition).values_list("file__digest", "file__data")
    for digest, data in beside.order_by("file").iterator(chunk_size=10):
        if digest not in named:
            return _("The image %(digest)s stands beside it and was not frozen with it.") % {"digest": digest}
        if editions.digest(data) != digest:
            return _("The image %(digest)s is not what its digest was made of.") % {"digest": digest}
        named.discard(digest)
    return _("The image %(digest)s is missing.") % {"digest": min(named)} if named else None


def _image_files() -> Iterator[str]:
    """Images that no edition shows: they were added past a submission."""
    for digest in ImageFile.objects.filter(shown_in=None).values_list("digest", flat=True):
        yield _("The image %(digest)s is shown by no edition: it was added past the workflow.") % {"digest": digest}


def _declarations() -> Iterator[str]:
    """Each declaration of interests is what its digest was made of."""
    for row in Declaration.objects.order_by("pk").iterator(chunk_size=500):
        if interests.digest_of(row) != row.digest:
            yield _("The declaration of interests id %(id)d was altered.") % {"id": row.pk}


def _policies() -> Iterator[str]:
    """Each version of a policy is what its digest was made of, and no version before the newest is missing."""
    newest: dict[int | None, int] = {}
    for row in ReviewPolicy.objects.order_by("version", "pk"):
        if policies.digest_of(row) != row.digest:
            yield _("Version %(version)d of a policy (id %(id)d) was altered.") % {"version": row.version, "id": row.pk}
        # The general policy was version 1 before any was written.
        before = newest.get(row.kind_id, 0 if row.kind_id else 1)
        if row.version != before + 1:
            yield _("Version %(version)d of a policy (id %(id)d) follows version %(before)d.") % {
                "version": row.version,
                "id": row.pk,
                "before": before,
            }
        newest[row.kind_id] = row.version


def _verdict(row: Transition, seen: set[int]) -> Iterator[str]:
    verdict = row.verdict
    if verdict is None:
        yield _("The verdict of transition %(number)d is missing.") % {"number": row.number}
        return
    if verdict.pk in seen:
        return
    seen.add(verdict.pk)
    yield from _one_verdict(verdict)
    if verdict.signature != row.verdict_signature:
        yield _("Verdict id %(id)d was replaced: transition %(number)d names another signature.") % {
            "id": verdict.pk,
            "number": row.number,
        }


def _one_verdict(verdict: Verdict) -> Iterator[str]:
    try:
        problem = verdicts.first_difference(verdict) or _declaration_of(verdict, verdicts.read(verdict))
    except (editions.Altered, KeyError, TypeError) as error:
        problem = str(error)
    if problem:
        yield _("Verdict id %(id)d was altered: %(problem)s") % {"id": verdict.pk, "problem": problem}


def _renewal(row: Transition, seen: set[int]) -> Iterator[str]:
    """The signed word of one re-review is there, is what was signed, and speaks of the transition's edition."""
    renewal = Renewal.objects.filter(signature=row.verdict_signature).first()
    if renewal is None or (renewal.edition_id, renewal.member_id, renewal.at) != (row.edition_id, row.by_id, row.at):
        yield _("The re-review of transition %(number)d is missing or was replaced.") % {"number": row.number}
        return
    seen.add(renewal.pk)
    yield from _one_renewal(renewal)


def _one_renewal(renewal: Renewal) -> Iterator[str]:
    try:
        problem = renewals.first_difference(renewal) or _declaration_of(renewal, renewals.read(renewal))
    except (editions.Altered, KeyError, TypeError) as error:
        problem = str(error)
    if problem:
        yield _("Re-review id %(id)d was altered: %(problem)s") % {"id": renewal.pk, "problem": problem}


def _unnamed_renewals(seen: set[int]) -> Iterator[str]:
    for pk in Renewal.objects.exclude(pk__in=seen).values_list("pk", flat=True):
        yield _("Re-review id %(id)d is named by no transition: it was added past the workflow.") % {"id": pk}


def _dates_of_review() -> Iterator[str]:
    """When each answer was last reviewed and is due again is what approvals and re-reviews say."""
    for row in Publication.objects.select_related("edition__review").defer("edition__frozen", "edition__source"):
        last = reviewed.last_of(row.edition.review)
        if (row.reviewed_at, row.review_due_on) != ((last.at, last.due_on) if last else (None, None)):
            yield _("The dates of review of article %(id)d are not what was signed.") % {"id": row.article_id}


def _declaration_of(row: Verdict | Renewal, signed: Mapping[str, Any]) -> str | None:
    """What is wrong with the declaration that was signed with this; what has format 1 names none."""
    named = signed.get("declaration")
    if named is None:
        return None
    rows = Declaration.objects.filter(pk=named["id"], person=row.member_id, digest=named["digest"])
    return None if rows.exists() else _("the declaration of interests that was signed with it is missing or altered.")


def _head(number: int, previous: str) -> Iterator[str]:
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    if (head.number, head.hash) != (number, previous):
        yield _(
            "The chain ends at transition %(number)d, but its head names %(head)d: the tail was cut or altered."
        ) % {
            "number": number,
            "head": head.number,
        }


def _unnamed(seen_editions: set[int], seen_verdicts: set[int]) -> Iterator[str]:
    for pk in Edition.objects.exclude(pk__in=seen_editions).values_list("pk", flat=True):
        yield _("Edition id %(id)d is named by no transition: it was added past the workflow.") % {"id": pk}
    for verdict in Verdict.objects.exclude(pk__in=seen_verdicts):
        yield from _one_verdict(verdict)


def _states(states: dict[int, str], standings: dict[int, tuple[str, int]]) -> Iterator[str]:
    stored = dict(Review.objects.values_list("edition_id", "state"))
    for edition_id in sorted(states.keys() | stored.keys()):
        if states.get(edition_id) != stored.get(edition_id):
            yield _("The review of edition id %(id)d says “%(stored)s”; its last transition says “%(last)s”.") % {
                "id": edition_id,
                "stored": stored.get(edition_id, ""),
                "last": states.get(edition_id, ""),
            }
    public = {
        article: (standing, edition)
        for article, standing, edition in Publication.objects.values_list("article_id", "standing", "edition_id")
    }
    for article_id in sorted(standings.keys() | public.keys()):
        if standings.get(article_id) != public.get(article_id):
            yield _("The standing of article %(id)d is not what its last transition says.") % {"id": article_id}


def _justifications(submitted: dict[int, str]) -> Iterator[str]:
    """What a review says of flagged works stands, word for word, in the transition of its last submission."""
    for edition_id, said in Review.objects.exclude(justifications=[]).values_list("edition_id", "justifications"):
        if not submitted.get(edition_id, "").endswith(justifying.in_words(said)):
            yield _("The justifications in the review of edition id %(id)d are not what was submitted.") % {
                "id": edition_id
            }


def _editorial_fixes(submitted: dict[int, str]) -> Iterator[str]:
    """Whether a round is an editorial fix, and of which edition, is what its last submission says."""
    for review in Review.objects.only("edition_id", "policy").order_by("pk").iterator(500):
        if editorial.number_in(review) != editorial.said_in(submitted.get(review.edition_id, "")):
            yield _("The review of edition id %(id)d is not the editorial fix, or the review, that was submitted.") % {
                "id": review.edition_id
            }


def _notices(told: list[tuple[object, ...]]) -> Iterator[str]:
    """Each notice is one that a transition tells of, kind and words included, and none is missing."""
    left = Counter(told)
    for row in Notice.objects.select_related("corrects").order_by("at", "pk"):
        said = (row.article_id, row.edition_id, notices.recorded(row), row.at, row.by_id)
        if left[said] < 1:
            said = (row.article_id, row.edition_id, by_key(row), row.at, row.by_id)
        if left[said] < 1:
            yield _("Notice id %(id)d is not what its transition tells of.") % {"id": row.pk}
        left[said] -= 1
    missing = sum(count for count in left.values() if count > 0)
    if missing:
        yield _("%(count)d notices are missing or altered.") % {"count": missing}


def by_key(notice: Notice) -> str:
    """The words in which the record told of a notice while it named a corrected edition by its key."""
    said = notices.recorded(notice)
    if notice.corrects is None:
        return said
    return said.removesuffix(f"\nCorrects edition {notice.corrects.number}") + f"{BY_KEY}{notice.corrects_id}"


SAID = {"state-interests", "recuse", "set-part"}
"""Moves whose transitions tell of a member's interests in an article, or of their part in it."""


def _said(told: list[tuple[object, ...]]) -> Iterator[str]:
    """Each statement of interests and each part is one that a transition tells of, and none is missing."""
    left = Counter(told)
    for row in InterestStatement.objects.order_by("at", "pk"):
        key = (row.edition_id, statement_in_words(row), row.at, row.member_id)
        if left[key] < 1:
            yield _("Statement of interests id %(id)d is not what its transition tells of.") % {"id": row.pk}
        left[key] -= 1
    for part in Part.objects.select_related("edition").order_by("at", "pk"):
        key = (part.edition_id, part_in_words(part), part.at, part.by_id)
        if left[key] < 1 or part.article_id != part.edition.article_id:
            yield _("The part id %(id)d of a member is not what its transition tells of.") % {"id": part.pk}
        left[key] -= 1
    missing = sum(count for count in left.values() if count > 0)
    if missing:
        yield _("%(count)d statements of interests or parts are missing or altered.") % {"count": missing}


def _invited(told: list[tuple[object, ...]]) -> Iterator[str]:
    """Each invitation and each step is one that a transition tells of, and none is missing."""
    left = Counter(told)
    for row in ReviewInvitation.objects.select_related("handed_from").order_by("at", "pk"):
        key = (row.edition_id, invitation_in_words(row), row.at, row.by_id)
        if left[key] < 1:
            yield _("Invitation id %(id)d is not what its transition tells of.") % {"id": row.pk}
        left[key] -= 1
    for step in InvitationStep.objects.select_related("invitation").order_by("at", "pk"):
        key = (step.invitation.edition_id, step_in_words(step), step.at, step.by_id)
        if left[key] < 1:
            yield _("What became of invitation id %(id)d is not what its transition tells of.") % {
                "id": step.invitation_id
            }
        left[key] -= 1
    missing = sum(count for count in left.values() if count > 0)
    if missing:
        yield _("%(count)d invitations or answers to them are missing or altered.") % {"count": missing}


def _pages() -> Iterator[str]:
    """Live pages are made, not signed; still, each must be what its ETag says, and name its edition's digest."""
    for page in LivePage.objects.select_related("edition").defer("edition__frozen", "edition__source").iterator(200):
        try:
            text = gzip.decompress(page.body)
        except (OSError, EOFError):
            text = b""
        whole = hashlib.sha256(text).hexdigest()[:32] == page.etag
        if not whole or (page.http_status == 200 and not _names(text, page.edition.digest)):
            yield _("The live page %(path)s (id %(id)d) is not what was composed.") % {"path": page.path, "id": page.pk}


def _names(text: bytes, digest: str) -> bool:
    return re.search(rb"<code>" + digest.encode() + rb"</code>", text) is not None
