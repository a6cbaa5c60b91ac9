"""Charts as plain geometry: what goes in are numbers with their labels, what comes out are places for an SVG to draw.

Across is in per cent and down in pixels, so that a chart fills any width and its words keep their size: the templates
beside this module draw it without a view box. Colours are the stylesheet's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format

LABEL = 18
"""Height of a line of words."""
BAR = 12
GAP = 12
"""Between one row of bars and the next."""
WIDEST = 86.0
"""Per cent of the width that the longest bar takes; its number stands behind it."""
LONGEST_LABEL = 40
DEPTH = 200
"""Height of a line's plot."""
TOP = 20
LEFT, RIGHT = 13.0, 96.0
"""Between which per cent of the width the points of a line stand; the axis' words stand left of them."""


@dataclass(frozen=True)
class Tick:
    """A line of the grid, across or down, with the number that it stands for."""

    at: str
    label: str
    words_at: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar, with its number behind it."""

    series: int
    y: int
    words_y: int
    width: str
    words_x: str
    value: str


@dataclass(frozen=True)
class Row:
    """The bars of one label, one for each series, under it."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Bars:
    """Rows of bars that lie, over a grid."""

    rows: tuple[Row, ...]
    series: tuple[str, ...]
    ticks: tuple[Tick, ...]
    axis: int
    """Where the grid ends and the axis begins."""
    height: int
    shape: str = "bars"


@dataclass(frozen=True)
class Point:
    """One value with the span about it: what a line is made of. None where there is nothing to tell."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    words: str = ""
    """What is said of it where somebody points at it."""


@dataclass(frozen=True)
class Spot:
    """A point at its place: the value at `y`, its span from `top` to `bottom`."""

    x: str
    y: str
    top: str
    bottom: str
    words: str


@dataclass(frozen=True)
class Segment:
    """The line from one point to the next."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Line:
    """Points in order, joined where neighbours both have a value, each with its span."""

    spots: tuple[Spot, ...]
    segments: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    """Those along the axis: every second one, so that they have room on a phone. The last always stands there."""
    axis: int
    height: int
    shape: str = "line"


def ticks_to(most: float, *, about: int = 4) -> list[int]:
    """Round numbers from 0 to the first that is not less than `most`, in about so many steps: `[0, 5, 10, 15]`."""
    least = max(most, 1.0) / about
    power = 10 ** math.floor(math.log10(least))
    step = max(1, round(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)))
    return list(range(0, step * math.ceil(max(most, 1.0) / step) + 1, step))


def bars(rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str]) -> Bars:
    """Rows of a label and a number for each series, as lying bars of one scale."""
    marks = ticks_to(max((number for _label, numbers in rows for number in numbers), default=0))
    y, drawn = 0, []
    for label, numbers in rows:
        y += LABEL
        laid = []
        for place, number in enumerate(numbers):
            width = number / marks[-1] * WIDEST
            top = y + 4 + place * (BAR + 4)
            laid.append(Bar(place, top, top + BAR - 2, _percent(width), _percent(width), number_format(number)))
        drawn.append(Row(shortened(label), y - 3, tuple(laid)))
        y += 4 + len(numbers) * (BAR + 4) - 4 + GAP
    axis = y
    ticks = tuple(Tick(_percent(mark / marks[-1] * WIDEST), number_format(mark)) for mark in marks)
    return Bars(tuple(drawn), tuple(series), ticks, axis, axis + LABEL + 2)


def line(points: Sequence[Point]) -> Line:
    """Points from left to right on a scale that begins at 0. One stands in the middle, none leaves the grid alone."""
    most = max((number for point in points for number in (point.value, point.upper) if number is not None), default=0)
    marks = ticks_to(most)
    across = [_across(place, len(points)) for place in range(len(points))]

    def down(value: float) -> float:
        return TOP + DEPTH - value / marks[-1] * DEPTH

    spots: list[Spot | None] = []
    for point, x in zip(points, across, strict=True):
        if point.value is None:
            spots.append(None)
            continue
        top = down(point.value if point.upper is None else point.upper)
        end = down(point.value if point.lower is None else point.lower)
        spots.append(Spot(_percent(x), _pixels(down(point.value)), _pixels(top), _pixels(end), point.words))
    segments = [Segment(one.x, one.y, two.x, two.y) for one, two in pairwise(spots) if one and two]
    last = len(points) - 1
    labels = [
        Tick(_percent(x), point.label)
        for place, (point, x) in enumerate(zip(points, across, strict=True))
        if (last - place) % 2 == 0
    ]
    ticks = tuple(Tick(_pixels(down(mark)), number_format(mark), _pixels(down(mark) - 4)) for mark in marks)
    drawn = tuple(spot for spot in spots if spot)
    return Line(drawn, tuple(segments), ticks, tuple(labels), TOP + DEPTH, TOP + DEPTH + LABEL + 4)


def _across(place: int, number: int) -> float:
    """Where the point in that place stands, in per cent."""
    return (LEFT + RIGHT) / 2 if number == 1 else LEFT + (RIGHT - LEFT) * place / (number - 1)


def shortened(label: str) -> str:
    """A label that has room above its bar on a phone; the table holds the whole."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"
