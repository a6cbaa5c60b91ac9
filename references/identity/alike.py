"""How alike two works are: whether two entries are likely one work, by which rule and how surely. Pure.

Precision comes first: a pair that is shown and is two works costs somebody's time, and a merge cannot be undone by a
button. So whatever tells two works apart is looked for as carefully as what joins them: a number, a part, an edition,
a reply to the work, its erratum, its preprint, its protocol, its trial registration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA, Indel, Levenshtein

from references.folding import ascii_words, fold
from references.models import Kind, Likeness, Reference, Type
from references.works import Work

LEAST = 85
"""The least score of a likely pair: by tests/references/test_likeness.py, and by variants of real works, of which 96 of
100 with a slip in one word were found and none was taken for another work."""

_CUT, _NO_AUTHOR, _OTHER_AUTHOR, _YEAR_BESIDE, _NO_YEAR, _OTHER_IDENTIFIER = 4, 4, 8, 3, 3, 20
_LEAST_WORDS_OF_A_CUT = 4
_LEAST_LETTERS = 20
_LEAST_LETTERS_OF_A_TRUNCATED = 50
_LEAST_OF_ONE_PLACE = 70
_LEAST_OF_ONE_IDENTIFIER = 50

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,30}>")
_WORD = re.compile(r"\w+")
_BOUNDARY = re.compile(r"[:;.?!–—(\[]|\s-\s")
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ω": "omega"}
_SMALL_WORDS = frozenset({"a", "an", "the", "of", "in", "on", "for", "to", "and", "der", "die", "das", "le", "la"})
_FLAGGED = re.compile(
    r"^\W*(?:retracted|withdrawn|removed|retraction)(?:\s+article|\s+paper)?\W*[:\])]\s*", re.IGNORECASE
)
# A work that is about another one bears its title.
_ABOUT = re.compile(
    r"""^\W*(?:re|reply|replies|response|in\ reply|comments?|commentary|errat(?:um|a)|corrigend(?:um|a)
        |corrections?|addendum|retraction(?:\ (?:note|notice|of|to))?|withdrawal|expression\ of\ concern
        |editorial|letters?|authors?['’]?s?['’]?\ (?:reply|response)|in\ response|notice|summary|summaries
        |abstracts?|supplement|protocol|study\ protocol|discussion|podcast|video|slides)
        \b\s*(?:[:\-–—]|\b(?:to|on|of|for|from|re|by)\b)"""
    r"""|[:\-–—.(\[]\s*(?:an?\ |the\ |author['’]?s?['’]?\ |authors['’]?\ )*(?:reply|replies|response|comments?
        |commentary|errat(?:um|a)|corrigend(?:um|a)|correction|retraction|editorial|letter|addendum|protocol)
        \W*$""",
    re.IGNORECASE | re.VERBOSE,
)
# What a subtitle says of a work that is not the one without it.
_APART = frozenset(
    ascii_words(
        """
    protocol update updated part followup follow reply response comment commentary erratum corrigendum correction
    addendum supplement supplementary appendix summary secondary subgroup subanalysis substudy ancillary extension
    interim posthoc post exploratory design rationale methods baseline economic cost qualitative volume edition
    version chapter section abstract synopsis executive focused first second third fourth fifth
    """
    )
)
_ROMAN = re.compile(r"(?=[ivx])x{0,2}(?:ix|iv|v?i{0,3})")
_PREPRINTS = re.compile(
    r"10\.(?:1101/[0-9]|(?:64898|48550|21203/rs|2139/ssrn|20944/preprints|31219/osf|31234/osf|26434|36227|22541|32388"
    r"|51094)\b)"
)
_DOI_VERSION = re.compile(r"(?:\.pub[0-9]+|[./]?v[0-9]+|\.[0-9]{1,2})$")

_SERIALS = frozenset({Type.ARTICLE_JOURNAL, Type.ARTICLE, Type.ARTICLE_MAGAZINE, Type.ARTICLE_NEWSPAPER, ""})
# Forms of publication that are never one work, however alike the titles: either of the first with any of the second.
_APART_TYPES: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"article", "paper-conference", "thesis"}), frozenset({"article-journal", "chapter", "book"})),
    (frozenset({"paper-conference", "thesis"}), frozenset({"article", "report"})),
    (frozenset({"paper-conference"}), frozenset({"thesis"})),
    (frozenset({"chapter", "entry"}), frozenset({"book", "article-journal", "report", "thesis"})),
    (
        frozenset({"dataset", "software"}),
        frozenset({"article-journal", "article", "book", "chapter", "report", "thesis", "paper-conference"}),
    ),
)
_OF_THEIR_OWN = frozenset(
    {Kind.TRIAL_REGISTRATION, Kind.OWN_ANSWER, Kind.GUIDELINE_SUMMARY, Kind.DRUG_LABEL, Kind.COVERAGE_POLICY}
)


class Alikeness(NamedTuple):
    """How sure it is that two entries are one work, in per cent, and the rule that says so (`Likeness.Rule`)."""

    score: int
    rule: str


@dataclass(frozen=True, eq=False)
class Face:
    """What of a work is compared. `pk` is its row's, 0 without one."""

    title: str
    kind: str = Kind.OTHER.value
    type: str = ""
    author: tuple[str, ...] = ()
    year: int | None = None
    container: str = ""
    edition: str = ""
    version: str = ""
    volume: str = ""
    pages: str = ""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    nct: str | None = None
    url: str = ""
    pk: int = 0

    @classmethod
    def of(cls, work: Work | Reference) -> Face:
        """The face of a work or of a row."""
        return cls(
            author=of_name(work.authors[0]) if work.authors else (),
            pk=getattr(work, "pk", None) or 0,
            **{name: getattr(work, name) for name in COLUMNS},
        )

    @cached_property
    def plain_title(self) -> str:
        """The title without mark-up and without what a publisher writes before that of a retracted work."""
        return _FLAGGED.sub("", _TAG.sub("", self.title)) or self.title

    @cached_property
    def words(self) -> tuple[str, ...]:
        return _words(self.plain_title)

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """At how many words a title may have been cut: before each subtitle or bracket."""
        counts = {len(_words(self.plain_title[: at.start()])) for at in _BOUNDARY.finditer(self.plain_title)}
        return tuple(sorted(count for count in counts if 0 < count < len(self.words)))

    @cached_property
    def is_about_another(self) -> bool:
        return _ABOUT.search(self.plain_title) is not None

    @cached_property
    def is_preprint(self) -> bool:
        return self.type == Type.ARTICLE or bool(self.doi and _PREPRINTS.match(self.doi))

    @cached_property
    def place(self) -> tuple[str, str]:
        """Volume and first page, where both are known."""
        first = re.match(r"\s*([A-Za-z]*[0-9]+)", self.pages)
        volume = "".join(ascii_words(self.volume))
        return (volume, first[1].lower().lstrip("0")) if first and volume else ("", "")

    @cached_property
    def address(self) -> str:
        """The address without what does not matter for where it leads."""
        try:
            parts = urlsplit(self.url.lower())
        except ValueError:
            return self.url
        host = (parts.hostname or "").removeprefix("www.")
        path = re.sub(r"/(?:index|default)\.\w{3,5}$", "", parts.path).rstrip("/")
        return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"


COLUMNS: tuple[str, ...] = ("title", "kind", "type", "year", "container", "edition", "version", "volume", "pages")
COLUMNS += ("doi", "pmid", "pmcid", "isbn", "nct", "url")
"""The columns that a face needs, beside the first author."""


def alike(one: Face, other: Face) -> Alikeness | None:
    """How alike two works are; None where they are two works, or nothing says that they are one."""
    if _are_apart(one, other):
        return None
    titles = _likeness_of_titles(one, other)
    if _share_identifier(one, other) and titles >= _LEAST_OF_ONE_IDENTIFIER:
        return Alikeness(max(round(titles), LEAST), Likeness.Rule.IDENTIFIER)
    score = _by_title(one, other)
    return Alikeness(score, Likeness.Rule.TITLE) if score is not None and score >= LEAST else None


def of_name(name: Any) -> tuple[str, ...]:
    """The words by which a first author is compared: of the family name, or of an organisation's."""
    return tuple(ascii_words(name.get("family") or name.get("literal") or ""))


def _by_title(one: Face, other: Face) -> int | None:
    """The score by title, year and first author, or None where one of them says that these are two works."""
    one_place = one.place == other.place and all(one.place)
    cost = 0
    if one.author and other.author:
        if not _one_author(one.author, other.author):
            return None
    elif one.author or other.author:
        cost += _OTHER_AUTHOR
    else:
        cost += _NO_AUTHOR
    if one.year is not None and other.year is not None:
        apart = abs(one.year - other.year)
        if apart > 1 or (apart and not _may_appear_twice(one, other)):
            return None
        cost += _YEAR_BESIDE if apart else 0
    elif one.year is not None or other.year is not None:
        cost += _NO_YEAR
    contradictions = _contradictions(one, other)
    if contradictions > 1 or (contradictions and not one_place):
        return None
    cost += _OTHER_IDENTIFIER if contradictions else 0
    if one_place and one.author and other.author and _one_container(one, other) is not False:
        # Whatever became of the title: one journal, volume, page and author are one work.
        titles = _likeness_of_titles(one, other)
        same = _one_title(one, other)
        if titles >= _LEAST_OF_ONE_PLACE and not _differ_in_number(one.words, other.words):
            return round(max(same or 0, min(titles + 15, 99)) - (0 if (same or titles) > 97 else cost / 2))
    similarity = _one_title(one, other)
    if similarity is None:
        return None
    if similarity < 97:
        # A changed title bears less doubt elsewhere than an unchanged one.
        cost *= 2
    if len("".join(one.words)) < _LEAST_LETTERS or len(one.words) < 3:
        # “Asthma”, “Editorial”: short titles are many works', unless the rest agrees too.
        certain = bool(one.author and other.author and one.year is not None and one.year == other.year)
        if similarity < 100 or not (certain or (one.address and one.address == other.address)):
            return None
    return round(similarity - cost)


def _one_title(one: Face, other: Face) -> float | None:
    """How alike two titles are that can be one work's, a cut subtitle allowed; None where their words differ."""
    if _same_words(one.words, other.words):
        return _ratio(one.words, other.words)
    shorter, longer = sorted((one, other), key=lambda face: len(face.words))
    for count in longer.heads:
        head, tail = longer.words[:count], longer.words[count:]
        if abs(count - len(shorter.words)) <= 1 and _is_cut(shorter, tail) and _same_words(shorter.words, head):
            return _ratio(shorter.words, head) - _CUT
    joined, whole = "".join(shorter.words), "".join(longer.words)
    if len(joined) >= _LEAST_LETTERS_OF_A_TRUNCATED and whole.startswith(joined):
        return None if _says_apart(longer.words[len(shorter.words) :]) else 100.0 - _CUT
    return None


def _is_cut(shorter: Face, tail: Sequence[str]) -> bool:
    return (
        len(shorter.words) >= _LEAST_WORDS_OF_A_CUT
        and len("".join(shorter.words)) >= _LEAST_LETTERS
        and not _says_apart(tail)
    )


def _says_apart(words: Sequence[str]) -> bool:
    return any(word in _APART or _is_number(word) for word in words)


def _same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles differ in nothing but slips: of one letter in a longer word, of small words and of hyphens."""
    if "".join(one) == "".join(other):
        return True
    return all(_is_slip(*segments) for segments in _segments(one, other))


def _segments(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The stretches of words in which two titles differ."""
    start: tuple[int, int] | None = None
    for step in Levenshtein.opcodes(one, other):
        if step.tag == "equal":
            if start is not None:
                yield one[start[0] : step.src_start], other[start[1] : step.dest_start]
            start = None
        elif start is None:
            start = (step.src_start, step.dest_start)
    if start is not None:
        yield one[start[0] :], other[start[1] :]


def _is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    ours = "".join(word for word in one if word not in _SMALL_WORDS)
    theirs = "".join(word for word in other if word not in _SMALL_WORDS)
    if _one_spelling(ours) == _one_spelling(theirs):
        return True
    if any(character.isdigit() for character in ours + theirs):
        return False
    return min(len(ours), len(theirs)) >= 5 and OSA.distance(ours, theirs, score_cutoff=1) <= 1


def _differ_in_number(one: Sequence[str], other: Sequence[str]) -> bool:
    return sorted(filter(_is_number, one)) != sorted(filter(_is_number, other))


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word) or _ROMAN.fullmatch(word) is not None


def _likeness_of_titles(one: Face, other: Face) -> float:
    """How alike two titles are as they stand, in per cent; or of the shorter with as much of the longer."""
    shorter, longer = sorted((one.words, other.words), key=len)
    whole = _ratio(shorter, longer)
    if len(shorter) >= _LEAST_WORDS_OF_A_CUT and len(longer) > len(shorter):
        return max(whole, _ratio(shorter, longer[: len(shorter)]) - _CUT)
    return whole


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    return 100 * Indel.normalized_similarity(" ".join(one), " ".join(other))


def _share_identifier(one: Face, other: Face) -> bool:
    if any(a and a == b for a, b in ((one.doi, other.doi), (one.pmid, other.pmid), (one.pmcid, other.pmcid))):
        return True
    # Chapters, and volumes of one set, share their book's number.
    is_whole = one.type not in {Type.CHAPTER, Type.ENTRY, Type.PAPER_CONFERENCE} and one.volume == other.volume
    return bool(one.isbn and one.isbn == other.isbn and one.type == other.type and is_whole)


def _contradictions(one: Face, other: Face) -> int:
    """How many identifiers say that these are two works."""
    pairs = ((one.doi, other.doi), (one.pmid, other.pmid), (one.pmcid, other.pmcid))
    return sum(1 for a, b in pairs if a and b and a != b) + _other_address(one, other)


def _other_address(one: Face, other: Face) -> int:
    """Two web pages at two addresses are two; a journal's article may stand at several."""
    if not (one.url and other.url) or one.address == other.address:
        return 0
    return 1 if Type.WEBPAGE in {one.type, other.type} and not (one.doi or one.pmid) else 0


def _are_apart(one: Face, other: Face) -> bool:
    """Whether the two cannot be one work, whatever else they share."""
    if one.is_about_another != other.is_about_another:
        return True
    if one.kind != other.kind and {one.kind, other.kind} & _OF_THEIR_OWN and Kind.OTHER not in {one.kind, other.kind}:
        return True
    if Kind.OWN_ANSWER in {one.kind, other.kind} and one.kind != other.kind:
        return True
    if Kind.TRIAL_REGISTRATION in {one.kind, other.kind} and one.nct and other.nct and one.nct != other.nct:
        return True
    if one.is_preprint != other.is_preprint and _SERIALS.issuperset({one.type, other.type}):
        return bool(one.doi and other.doi) or Type.ARTICLE in {one.type, other.type}
    if one.type != other.type:
        for these, those in _APART_TYPES:
            if (one.type in these and other.type in those) or (other.type in these and one.type in those):
                return True
    if one.doi and other.doi and one.doi != other.doi and _are_versions(one.doi, other.doi):
        return True
    if _one_container(one, other) is False and {one.type, other.type} & {"chapter", "entry"}:
        return True
    return _differ(one.edition, other.edition) or _differ(one.version, other.version)


def _are_versions(one: str, other: str) -> bool:
    """Whether two DOIs are those of two versions: `….pub2` and `….pub3`, `…v1` and `…v2`, `….1` and `….2`."""
    return _DOI_VERSION.sub("", one) == _DOI_VERSION.sub("", other)


def _differ(one: str, other: str) -> bool:
    """Whether both name an edition or version, and two different ones: “2nd ed.” is “2”."""
    ours, theirs = (re.findall(r"[0-9]+", text) or ascii_words(text) for text in (one, other))
    return bool(ours and theirs and ours != theirs)


def _may_appear_twice(one: Face, other: Face) -> bool:
    """Journal articles appear online in one year and in print in the next; yearly reports are two works."""
    return {one.type, other.type} <= _SERIALS


def _one_author(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names can be one author's: particles, given names and initials of an organisation apart."""
    if one == other or set(one) <= set(other) or set(other) <= set(one):
        return True
    ours, theirs = "".join(one), "".join(other)
    if ours == theirs or (min(len(ours), len(theirs)) >= 5 and OSA.distance(ours, theirs, score_cutoff=1) <= 1):
        return True
    for short, long in ((one, other), (other, one)):
        if len(short) == 1 and len(long) > 1:
            initials = "".join(word[0] for word in long)
            if short[0] in {initials, "".join(word[0] for word in long if word not in _SMALL_WORDS)}:
                return True
    return False


def _one_container(one: Face, other: Face) -> bool | None:
    """Whether both stand in the same journal or book; None where one does not say, or an abbreviation may be meant."""
    if not one.container or not other.container:
        return None
    ours, theirs = ([w for w in ascii_words(face.container) if w not in _SMALL_WORDS] for face in (one, other))
    if ours == theirs:
        return True
    if len(ours) == len(theirs) and all(a.startswith(b) or b.startswith(a) for a, b in zip(ours, theirs, strict=True)):
        return True
    joined = "".join(ours), "".join(theirs)
    if any(short == ["".join(word[0] for word in long)] for short, long in ((ours, theirs), (theirs, ours))):
        return True
    return False if Indel.normalized_similarity(*joined) < 0.8 else None


def _words(text: str) -> tuple[str, ...]:
    """The words of a title as they are compared: folded, Greek letters by name."""
    plain = re.sub(r"['’ʼ]", "", fold(text))
    return tuple(_GREEK.get(word, word) for word in _WORD.findall(plain))


def _one_spelling(text: str) -> str:
    """British and American spelling made one: haemorrhage, oesophagus."""
    return text.replace("ae", "e").replace("oe", "e")
