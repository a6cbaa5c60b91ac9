"""What a source can answer about a work: clear, flagged, or that it could not be checked; and the words it uses. Pure.

The three are never taken for one another. A failed call has no say in what was known before it.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from references.identity.relations import Relative
from references.models import Check, Event

log = logging.getLogger(__name__)

CLEAR, FLAGGED, FAILED = Check.Outcome.CLEAR.value, Check.Outcome.FLAGGED.value, Check.Outcome.FAILED.value

_KINDS = {
    Event.Kind.RETRACTION: "retraction withdrawal removal partial-retraction retracted withdrawn removed "
    "retraction-and-replacement retract-and-replace",
    Event.Kind.CONCERN: "expression-of-concern concern temporary-removal",
    Event.Kind.CORRECTION: "correction corrigendum erratum addendum clarification corrected-and-republished "
    "author-correction publisher-correction",
    Event.Kind.NEW_VERSION: "new-version new-edition revision major-revision minor-revision interim-revision update",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_IN_OTHER_WORDS = (
    (re.compile("retract|withdr|remov"), Event.Kind.RETRACTION),
    (re.compile("concern|investigat"), Event.Kind.CONCERN),
    (re.compile("version|edition|revis"), Event.Kind.NEW_VERSION),
)
_NO_FLAGS = {"reinstatement", "reinstated", "comment", "letter"}


@dataclass(frozen=True)
class News:
    """One thing that a source says against a work. `notice` is `doi:…`, `pmid:…` or a text that names it."""

    kind: Event.Kind
    notice: str = ""
    text: str = ""
    dated: datetime.date | None = None


@dataclass(frozen=True)
class About:
    """Something that a notice says against another work, which is named by an identifier."""

    scheme: str
    value: str
    news: News


@dataclass(frozen=True)
class Told:
    """A source's answer about one work.

    `news` may come with an answer that failed in another part: what was seen is known, even where the whole could not
    be checked. `others` are works against which this work, itself a notice, speaks; `relatives` its versions.
    `may_pass` says of a failure whether asking again soon could help, `is_down` that the service itself was away;
    `status` is that of HTTP, where an address was asked about.
    """

    outcome: str
    detail: str = ""
    news: tuple[News, ...] = ()
    others: tuple[About, ...] = ()
    relatives: tuple[Relative, ...] = ()
    may_pass: bool = True
    is_down: bool = False
    status: int | None = None

    def but_failed(self, sentence: str, *, may_pass: bool = True, is_down: bool = False) -> Told:
        return replace(self, outcome=FAILED, detail=sentence, may_pass=may_pass, is_down=is_down)


def kind_of(word: str) -> Event.Kind | None:
    """The kind of event that a source's word for an update stands for; None for what is no flag.

    The words are those of Crossref's `update-to` types and of Retraction Watch. A partial retraction counts as one: the
    text says that it is partial. A word that nobody has foreseen is read by its parts, then taken for a correction,
    and logged: it is shown, with its own words, and a person judges.
    """
    name = re.sub(r"[\s_-]+", "-", word.strip().casefold())
    if name in _NO_FLAGS:
        return None
    if name in _KIND_OF:
        return _KIND_OF[name]
    found = next((kind for pattern, kind in _IN_OTHER_WORDS if pattern.search(name)), Event.Kind.CORRECTION)
    log.warning("An update of an unknown type, %r, is read as a %s.", word[:80], found.label)
    return found


def once(news: list[News]) -> tuple[News, ...]:
    """Each kind and notice once, as it was first said."""
    return tuple({(each.kind, each.notice): each for each in reversed(news)}.values())[::-1]


def sentence(news: Sequence[News]) -> str:
    """What is said against a work, in a line."""
    return "; ".join(f"{each.kind.label} ({each.notice})" if each.notice else str(each.kind.label) for each in news)
