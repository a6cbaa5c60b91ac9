"""Numbers as they stand in a text, with their units, and when two numbers say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?)"
MASS = (
    r"mg|mcg|µg|μg|micrograms?|milligrams?|grams?|g|kg|ml|mL|millilitres?|l|L|litres?|IU|units?|mmol|mEq"
    r"|tablets?|puffs?"
)
TIME = r"minutes?|mins?|hours?|days?|nights?|weeks?|months?|years?"
_PER_CENT = r"%|per\s?cent|percent"
_AMOUNT = re.compile(
    rf"(?<![\w.@#/])(?<![A-Za-z]-)(?<!\d,)(?P<number>{NUMBER})(?![\d])(?!(?:st|nd|rd|th)\b)(?![A-Za-z]*\d)"
    rf"(?:(?:[-\s\u00a0]*)(?P<unit>{_PER_CENT}|(?:{MASS}|{TIME})(?![A-Za-z])))?"
)
_OF = re.compile(
    rf"(?P<part>{NUMBER})\s+(?:in|of|out of)\s+(?:every\s+|the\s+)?(?P<whole>{NUMBER})(?!\s*(?:{MASS}|{TIME}|%))"
)
_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS |= {"once": 1, "twice": 2, "half": 50, "quarter": 25, "third": 33, "dozen": 12, "hundred": 100, "thousand": 1000}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_DAYS = {
    "minute": 1 / 1440,
    "min": 1 / 1440,
    "hour": 1 / 24,
    "day": 1,
    "night": 1,
    "week": 7,
    "month": 30.4,
    "year": 365,
}
_GRAMS = {
    "mcg": 1e-6,
    "µg": 1e-6,
    "μg": 1e-6,
    "microgram": 1e-6,
    "mg": 1e-3,
    "milligram": 1e-3,
    "g": 1,
    "gram": 1,
    "kg": 1e3,
}
ABOUT = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|over|under|up to|more than|less than|fewer than|at least"
    r"|some|most)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """A number with its unit, as written between two places; `decimals` says how exactly it is written."""

    value: float
    unit: str
    decimals: int
    start: int
    end: int
    written: str

    @property
    def scaled(self) -> float | None:
        """The value in days or grams, where it has such a unit."""
        scale = _DAYS.get(self.unit) or _GRAMS.get(self.unit)
        return self.value * scale if scale else None

    @property
    def is_time(self) -> bool:
        return self.unit in _DAYS

    @property
    def is_percentage(self) -> bool:
        return self.unit == "%"


def value_of(written: str) -> float:
    return float(re.sub(r"[,\u2009\u202f]", "", written).replace("·", "."))


def amounts(text: str) -> Iterator[Amount]:
    """The numbers of a text that are amounts: not those inside a name (B12, COVID-19), and no ordinals."""
    for match in _AMOUNT.finditer(text):
        unit = (match["unit"] or "").strip()
        if re.fullmatch(_PER_CENT, unit):
            unit = "%"
        elif len(unit) > 2 and unit not in {"mcg", "IU"}:
            unit = unit.lower().removesuffix("s")
        number = match["number"]
        decimals = len(number.rpartition(".")[2]) if "." in number else 0
        yield Amount(value_of(number), unit, decimals, match.start(), match.end(), match[0])


class Known:
    """The numbers of a text, to be asked whether another number says one of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.values: set[float] = set()
        self.scaled: set[float] = set()
        self.shares: set[float] = set()
        self.by_unit: dict[str, dict[str, None]] = {}
        for text in texts:
            for one in amounts(text):
                self.values.add(one.value)
                if one.scaled is not None:
                    self.scaled.add(one.scaled)
                if one.is_percentage:
                    self.shares |= {one.value, 100 - one.value}
                if one.unit:
                    self.by_unit.setdefault(one.unit, {})[" ".join(one.written.split())] = None
            for match in _WORD.finditer(text):
                self.values.add(_WORDS[match[0].lower()])
            for share in shares(text):
                self.shares |= {share, 100 - share}

    def says(self, one: Amount, *, is_about: bool) -> bool:
        """Whether one of these numbers says the same: in another unit, rounded, as a share or as its complement."""
        slack = 0.5 * 10**-one.decimals
        if any(abs(value - one.value) < slack + 1e-9 for value in self.values):
            return True
        if one.scaled is not None and any(abs(value - one.scaled) <= 0.03 * one.scaled for value in self.scaled):
            return True
        if one.is_percentage and any(abs(share - one.value) <= max(slack, 0.5) for share in self.shares):
            return True
        return is_about and any(abs(value - one.value) <= 0.1 * one.value for value in self.values)

    def says_share(self, share: float) -> bool:
        """Whether a share in per cent is among these, as people round it: 1 in 8 for 12.3%."""
        return any(abs(one - share) <= max(0.5, 0.06 * share) for one in self.shares)


def pairs(text: str) -> Iterator[tuple[float, int, int]]:
    """Each “3 in 100”: the share in per cent, and its place."""
    for match in _OF.finditer(text):
        part, whole = value_of(match["part"]), value_of(match["whole"])
        if whole and part <= whole:
            yield 100 * part / whole, match.start(), match.end()


def shares(text: str) -> Iterator[float]:
    return (share for share, _start, _end in pairs(text))
