"""Finding a quoted passage again in a text that has been edited. Pure: no database.

A quotation is the TextQuoteSelector of the W3C Web Annotation model (https://www.w3.org/TR/annotation-model/): the
exact words, and what stood before and after them. `find` looks for the very words first; among several places the
surroundings decide. Else it looks for words that are alike, with bounded work. `Edit` takes a passage along from one
version of a text to the next: what stands outside the stretches that changed has only moved, and whatever looks like
the passage there is its twin. Where nothing is convincing the answer is None: an orphan that says so is better than a
comment on the wrong sentence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

LONGEST = 2000
"""Characters of a passage that can be quoted."""
AROUND = 64
"""Characters that are kept from before and after it."""

TELLING_LETTERS, TELLING_WORDS = 30, 5
"""From this length on, words stand for themselves; shorter ones need surroundings that fit."""
NEIGHBOURS = 6
"""Words on each side that are compared with the surroundings."""
FITS = 0.8
"""Of 2, a share for each side: from which on the surroundings fit."""
ALIKE, ALIKE_ALONE = 0.5, 0.7
"""The share of letters in common from which a place counts as the passage: where surroundings fit, and where not."""
ALIKE_IN_PLACE = 0.3
"""The same, where the passage was edited where it stands."""
MOST_PLACES = 200
"""Places of the very words that are weighed: those nearest to where the passage was."""
MOST_WINDOWS = 4
"""Places that look alike which are compared word by word."""
MOST_COMPARED = 1_500_000
"""Lines, or words, of the old text times those of the new; beyond it all between counts as one change."""
MOST_WORDS = 500
"""Words of a passage beyond which only its very words are looked for."""
TOO_FREQUENT = 60
"""A word that stands in a text more often than this points nowhere."""

Stretch = tuple[int, int]
"""From one character of a text to another."""

_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
_SIGNS_BEFORE, _SIGNS_AFTER = re.compile(r"^[^\w\s]+"), re.compile(r"[^\w\s]+$")


@dataclass(frozen=True)
class Quote:
    """A passage by its words: `exact`, with what stood before (`prefix`) and after it (`suffix`)."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    @cached_property
    def before(self) -> list[str]:
        """The words before the passage, the nearest first."""
        return _neighbours(_words(self.prefix)[::-1], is_cut=len(self.prefix) >= AROUND)

    @cached_property
    def after(self) -> list[str]:
        """The words after it, the nearest first."""
        return _neighbours(_words(self.suffix), is_cut=len(self.suffix) >= AROUND)

    @property
    def is_telling(self) -> bool:
        """Whether the words alone are proof enough."""
        return len(self.exact) >= TELLING_LETTERS and len(_words(self.exact)) >= TELLING_WORDS


@dataclass(frozen=True)
class Place:
    """Where the passage stands: `start` to `end` in characters. `is_exact`: with its very words."""

    start: int
    end: int
    is_exact: bool


class Text:
    """A text to look in: taken apart once, however many passages are sought."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word begins and ends."""
        return [match.span() for match in _WORD.finditer(self.text)]

    @cached_property
    def words(self) -> list[str]:
        return _words(self.text)

    @cached_property
    def places_of(self) -> dict[str, list[int]]:
        """For each word the numbers at which it stands among the words."""
        places: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            places[word].append(number)
        return places

    def fit(self, sought: Quote, start: int, end: int) -> float:
        """How well what stands around a place fits the quotation: 0 to 2."""
        before = _words(self.text[max(0, start - 2 * AROUND) : start])[::-1]
        after = _words(self.text[end : end + 2 * AROUND])
        return _agreement(sought.before, before) + _agreement(sought.after, after)


def quote(text: str, start: int, end: int) -> Quote:
    """The quotation of what stands at `start` to `end` of a text."""
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def find(text: Text, sought: Quote, *, near: int = 0, within: Sequence[Stretch] | None = None) -> Place | None:
    """Where the passage stands, or None. `near` is where it was last: it decides between equals.

    Where only some stretches of the text are in question (`within`), places that touch none of them are no answers.
    """
    if not sought.exact.strip() or within == []:
        return None
    return _exact(text, sought, near, within) or _alike(text, sought, near, within)


class Edit:
    """One version of a text become the next: compared once, however many passages are taken along."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, Text(new)
        self.middle = _middle(old, new)
        self.hunks = changes(old, new)

    def follow(self, sought: Quote, place: Place | None) -> Place | None:
        """Where the passage that stood at `place` of the old text stands in the new one, or None.

        A passage that was lost (`place` is None) is found again where it was put back, and nowhere else.
        """
        if not self.hunks:
            return place
        within = [after for _before, after in self.hunks]
        if place is None:
            return find(self.new, sought, within=within)
        start, end = place.start, place.end
        # Nothing but one stretch changed, and not here.
        (low, high), (_low, new_high) = self.middle
        if end <= low:
            return place
        if start >= high:
            return Place(start + new_high - high, end + new_high - high, place.is_exact)
        # What was put in between two words of the passage is in it; at its very edge it is not.
        inside = [(before, after) for before, after in self.hunks if before[0] < end and start < before[1]]
        moved = self._moved(start)
        if not inside:
            return Place(start + moved, end + moved, place.is_exact)
        if kept := self._kept(sought.exact, min(start, inside[0][0][0]), max(end, inside[-1][0][1])):
            return kept
        if all(start <= before[0] and before[1] <= end for before, _after in inside):
            here = Place(start + moved, end + moved + _growth(inside), False)
            if likeness(_words(sought.exact), _words(self.new.text[here.start : here.end])) >= ALIKE_IN_PLACE:
                return _trimmed(self.new.text, here)
            # Taken out here: perhaps put in somewhere else.
            within = [after for before, after in self.hunks if (before, after) not in inside and after[0] < after[1]]
        return find(self.new, sought, near=start + moved, within=within)

    def _kept(self, words: str, low: int, high: int) -> Place | None:
        """The very words, where they stand once between two places of the old text and once where these are now."""
        new_low, new_high = low + self._moved(low), high + self._moved(high)
        if self.old.count(words, low, high) != 1 or self.new.text.count(words, new_low, new_high) != 1:
            return None
        start = self.new.text.index(words, new_low)
        return Place(start, start + len(words), True)

    def _moved(self, place: int) -> int:
        """How far a place that lies in no change has moved."""
        return _growth((before, after) for before, after in self.hunks if before[1] <= place)


def changes(old: str, new: str) -> list[tuple[Stretch, Stretch]]:
    """The stretches that differ, in the old and in the new text, in order. Lines are compared, then their words."""
    if old == new:
        return []
    (start, end), (_start, new_end) = _middle(old, new)
    # Whole lines are compared: half a line is met nowhere.
    start = old.rfind("\n", 0, start) + 1
    next_line = old.find("\n", end)
    tail = len(old) - next_line if next_line >= 0 else 0
    end, new_end = len(old) - tail, len(new) - tail
    whole = (start, end), (start, new_end)
    lines = _hunks(old, new, whole, _LINE)
    return [hunk for line in lines for hunk in _by_words(old, new, line)]


def _by_words(old: str, new: str, hunk: tuple[Stretch, Stretch]) -> list[tuple[Stretch, Stretch]]:
    """What changed within lines, word by word, where they are alike; else the lines as they are."""
    (start, end), (new_start, new_end) = hunk
    hunks = _hunks(old, new, hunk, _TOKEN)
    changed = sum(before[1] - before[0] + after[1] - after[0] for before, after in hunks)
    is_alike = changed <= (1 - ALIKE) * (end - start + new_end - new_start)
    return hunks if is_alike else [hunk]


def _hunks(
    old: str, new: str, within: tuple[Stretch, Stretch], piece: re.Pattern[str]
) -> list[tuple[Stretch, Stretch]]:
    """The stretches that differ, compared piece by piece; one for the whole where there are too many."""
    (here, end), (there, new_end) = within
    before, after = piece.findall(old, here, end), piece.findall(new, there, new_end)
    if len(before) * len(after) > MOST_COMPARED:
        return [within]
    hunks: list[tuple[Stretch, Stretch]] = []
    done, new_done = 0, 0
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        gone, come = ("".join(pieces) for pieces in (before[done : block.a], after[new_done : block.b]))
        if gone or come:
            one, other = _middle(gone, come)
            hunks.append(((here + one[0], here + one[1]), (there + other[0], there + other[1])))
        same = sum(map(len, before[block.a : block.a + block.size]))
        here, there = here + len(gone) + same, there + len(come) + same
        done, new_done = block.a + block.size, block.b + block.size
    return hunks


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of letters that two runs of words have in common, 0 to 1."""
    if max(len(one), len(other)) > 2 * MOST_WORDS:
        return 0.0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    common = sum(len(word) for block in blocks for word in one[block.a : block.a + block.size])
    return 2 * common / max(1, sum(map(len, one)) + sum(map(len, other)))


def _exact(text: Text, sought: Quote, near: int, within: Sequence[Stretch] | None) -> Place | None:
    length = len(sought.exact)
    places = [start for start in _occurrences(text.text, sought.exact) if _touches((start, start + length), within)]
    starts = sorted(places, key=lambda start: abs(start - near))[:MOST_PLACES]
    if not starts:
        return None
    # The first of equals is the nearest one.
    fit, start = max(((text.fit(sought, start, start + length), start) for start in starts), key=lambda found: found[0])
    return Place(start, start + length, True) if fit >= FITS or sought.is_telling else None


def _alike(text: Text, sought: Quote, near: int, within: Sequence[Stretch] | None) -> Place | None:
    """The place whose words are most like the passage's, compared only where its rare words point to."""
    parts = _words(sought.prefix), _words(sought.exact), _words(sought.suffix)
    if not 0 < len(parts[1]) <= MOST_WORDS:
        return None
    found: list[tuple[float, int, Place]] = []
    for first, last in _windows(text, [word for part in parts for word in part]):
        place = _aligned(text, parts, first, last)
        if place is None or not _touches((place.start, place.end), within):
            continue
        alike = likeness(parts[1], _words(text.text[place.start : place.end]))
        fit = text.fit(sought, place.start, place.end)
        if (fit >= FITS and alike >= ALIKE) or (sought.is_telling and alike >= ALIKE_ALONE):
            found.append((alike + fit, -abs(place.start - near), _with_its_signs(text.text, sought.exact, place)))
    return max(found, key=lambda one: one[:2])[-1] if found else None


def _windows(text: Text, whole: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of the text's words in which most of the rare words sought stand at the right distance."""
    slack = max(12, len(whole) // 2)
    votes: Counter[int] = Counter()
    for number, word in enumerate(whole):
        places = text.places_of.get(word, ())
        if len(places) <= TOO_FREQUENT:
            for place in places:
                votes[(place - number) // slack] += 1000 // len(places)
    # Where words were put in or taken out, the votes stand in two neighbours.
    joined = {bucket: votes[bucket] + votes.get(bucket + 1, 0) for bucket in votes}
    for bucket in sorted(joined, key=lambda bucket: (-joined[bucket], bucket))[:MOST_WINDOWS]:
        yield max(0, bucket * slack), (bucket + 2) * slack + len(whole)


def _aligned(text: Text, parts: tuple[list[str], list[str], list[str]], first: int, last: int) -> Place | None:
    """The passage as it stands between two words of the text, or None where none of its words is there."""
    prefix, exact, suffix = parts
    window = text.words[first:last]
    met: dict[int, int] = {}
    for block in SequenceMatcher(None, prefix + exact + suffix, window, autojunk=False).get_matching_blocks():
        met |= {block.a + step: block.b + step for step in range(block.size)}
    inside = range(len(prefix), len(prefix) + len(exact))
    hit = [number for number in inside if number in met]
    if not hit:
        return None
    # Words that stand in for others at an end of the passage belong to it as far as its neighbour is where it was.
    start, end = met[hit[0]], met[hit[-1]] + 1
    if hit[0] != inside[0] and inside[0] - 1 in met:
        start = met[inside[0] - 1] + 1
    if hit[-1] != inside[-1] and inside[-1] + 1 in met:
        end = met[inside[-1] + 1]
    return Place(text.spans[first + start][0], text.spans[first + end - 1][1], False)


def _with_its_signs(text: str, exact: str, place: Place) -> Place:
    """The place with the marks and stops at its ends that were quoted and are still there."""
    before, after = _SIGNS_BEFORE.search(exact), _SIGNS_AFTER.search(exact)
    start, end = place.start, place.end
    if before and text.endswith(before[0], 0, start):
        start -= len(before[0])
    if after and text.startswith(after[0], end):
        end += len(after[0])
    return Place(start, end, place.is_exact)


def _trimmed(text: str, place: Place) -> Place | None:
    """The place without blanks at its ends; None where nothing else is left."""
    words = text[place.start : place.end]
    start = place.start + len(words) - len(words.lstrip())
    end = place.start + len(words.rstrip())
    return Place(start, end, place.is_exact) if start < end else None


def _growth(hunks: Iterable[tuple[Stretch, Stretch]]) -> int:
    """By how many characters these changes made the text longer."""
    return sum(after[1] - after[0] - before[1] + before[0] for before, after in hunks)


def _touches(place: Stretch, within: Sequence[Stretch] | None) -> bool:
    return within is None or any(place[0] <= end and place[1] >= start for start, end in within)


def _middle(old: str, new: str) -> tuple[Stretch, Stretch]:
    """What is left of two texts without what both begin and end with."""
    shorter = min(len(old), len(new))
    start = _last_true(shorter, lambda length: old[:length] == new[:length])
    tail = _last_true(
        shorter - start, lambda length: old[len(old) - length : len(old)] == new[len(new) - length : len(new)]
    )
    return (start, len(old) - tail), (start, len(new) - tail)


def _last_true(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest number up to `most` for which it holds, where it holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _neighbours(words: list[str], *, is_cut: bool) -> list[str]:
    """The nearest words; the outermost of a quotation that was cut may be half a word and is left out."""
    return (words[:-1] if is_cut else words)[:NEIGHBOURS]


def _agreement(expected: Sequence[str], found: Sequence[str]) -> float:
    """The share of the expected words that follow each other outward from the passage without a break."""
    if not expected:
        return 0.0 if found else 1.0
    run = 0
    for one, other in zip(expected, found, strict=False):
        if one != other:
            break
        run += 1
    return run / len(expected)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _occurrences(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)
