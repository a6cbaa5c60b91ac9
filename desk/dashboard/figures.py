"""The figures of the dashboard in words: each a chart, a sentence that says what it shows, and the table behind it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Standing
from desk.dashboard.charts import Bars, Line, Point, bars, line
from reviews import figures
from reviews.models import State

Cell = str | int | float | datetime.date | None
MOST_MEMBERS = 20
"""Members of whom the chart has bars; the table holds all."""


@dataclass(frozen=True)
class Figure:
    """One figure: its chart, and the same numbers as a table whose first column names each row."""

    slug: str
    title: str
    sentence: str
    """What it shows in short: read out for the chart."""
    note: str
    """How it is counted."""
    chart: Bars | Line
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    facts: tuple[tuple[str, str], ...] = field(default=())
    """What stands at the top of the page: a number in words, and what it is."""

    @property
    def shown(self) -> list[list[str]]:
        """The rows as a page shows them."""
        return [[shown(cell) for cell in row] for row in self.rows]


def shown(cell: Cell) -> str:
    """A cell as a page shows it: a month by its name, a number of days with one decimal."""
    if cell is None:
        return "–"
    if isinstance(cell, datetime.date):
        return date_format(cell, "M Y")
    if isinstance(cell, float):
        return number_format(round(cell, 1), 1)  # Alone it would cut off, not round.
    return cell if isinstance(cell, str) else number_format(cell)


def time_to_decision() -> Figure:
    """How long the board took, month by month."""
    told = figures.decisions()
    points = [
        Point(
            date_format(month.first, "M"),
            month.median,
            month.lower,
            month.upper,
            _("%(month)s: median %(days)s days, %(decided)s decisions")
            % {"month": shown(month.first), "days": shown(month.median), "decided": shown(month.decided)},
        )
        for month in told.months
    ]
    if told.median is None:
        sentence = _("No decision in the last 12 months.")
    else:
        sentence = ngettext(
            "%(count)s decision in the last 12 months; the median took %(days)s days.",
            "%(count)s decisions in the last 12 months; the median took %(days)s days.",
            told.decided,
        ) % {"count": shown(told.decided), "days": shown(told.median)}
    return Figure(
        slug="time-to-decision",
        title=_("Time to decision"),
        sentence=sentence,
        note=_(
            "Days from submission to approval, request for changes or decline, by the month of the decision. "
            "The dot is the median; half of the decisions lie within the bar about it."
        ),
        chart=line(points),
        columns=(
            _("Month"),
            _("Decisions"),
            _("Median, days"),
            _("A quarter took less than, days"),
            _("A quarter took more than, days"),
        ),
        rows=tuple((one.first, one.decided, one.median, one.lower, one.upper) for one in told.months),
        facts=((shown(told.median), _("days to a decision, median")),),
    )


def open_rounds() -> Figure:
    """What is with the board, by age."""
    groups = figures.open_rounds()
    number = sum(sum(group.counts) for group in groups)
    old = sum(sum(group.counts) for group in groups if group.since >= 28)
    series = (_("Not taken up yet"), _("Under review"))
    rows = [(_days(group), group.counts) for group in groups]
    sentence = ngettext("%(count)s round is open", "%(count)s rounds are open", number) % {"count": shown(number)}
    return Figure(
        slug="open-rounds",
        title=_("Open rounds by age"),
        sentence=_("%(open)s, %(old)s of them for four weeks or longer.") % {"open": sentence, "old": shown(old)},
        note=_("By the days since the edition was submitted."),
        chart=bars(rows, series),
        columns=(_("Open for"), *series),
        rows=tuple((label, *counts) for label, counts in rows),
        facts=((shown(number), _("rounds open")), (shown(old), _("open for four weeks or longer"))),
    )


def waiting_again() -> Figure:
    """What waits to be looked at again."""
    groups = figures.waiting_again()
    late, flagged = (sum(group.counts[kind] for group in groups) for kind in (0, 1))
    series = (_("Review overdue"), _("A cited work is flagged"))
    rows = [(_days_late(group), group.counts) for group in groups]
    return Figure(
        slug="looking-again",
        title=_("Overdue re-reviews"),
        sentence=_("Live answers past the date of their next review: %(late)s; waiting because of a work: %(flagged)s.")
        % {"late": shown(late), "flagged": shown(flagged)},
        note=_("By the days since the review was due, or since the flag of a work became known."),
        chart=bars(rows, series),
        columns=(_("Waiting for"), *series),
        rows=tuple((label, *counts) for label, counts in rows),
        facts=((shown(late), _("reviews overdue")),),
    )


def load() -> Figure:
    """Who has how much in hand."""
    members = figures.load()
    series = (_("In hand"), _("Signed in 12 months"))
    rows = [
        (one.name if one.is_member else _("%(name)s (no longer on the board)") % {"name": one.name}, one)
        for one in members
    ]
    in_hand = sum(one.in_hand for one in members)
    idle = sum(one.is_member and not one.in_hand for one in members)
    return Figure(
        slug="load",
        title=_("Load by member"),
        sentence=_("Rounds in hand: %(count)s; members without one: %(idle)s.")
        % {"count": shown(in_hand), "idle": shown(idle)},
        note=_(
            "Rounds that a member accepted or claimed and has not signed, and what they signed in the last 12 months."
        ),
        chart=bars([(name, (one.in_hand, one.signed)) for name, one in rows[:MOST_MEMBERS]], series),
        columns=(_("Member"), *series),
        rows=tuple((name, one.in_hand, one.signed) for name, one in rows),
    )


def standings() -> Figure:
    """How the answers stand towards the public."""
    told = figures.standings()
    names = [
        (Standing.LIVE.value, _("Live")),
        (Standing.CAUTION.value, _("Live with caution")),
        (Standing.WITHDRAWN.value, _("Withdrawn")),
        (Standing.LEFT.value, _("Left the public")),
        (figures.NEVER, _("Never public")),
    ]
    rows = [(name, told.get(standing, 0)) for standing, name in names]
    live = told.get(Standing.LIVE.value, 0)
    return Figure(
        slug="standings",
        title=_("Answers by their standing"),
        sentence=_("Of %(all)s answers, live and approved: %(live)s; live with caution: %(caution)s.")
        % {"live": shown(live), "all": shown(sum(told.values())), "caution": shown(rows[1][1])},
        note=_("Each answer once, by what the public sees of it."),
        chart=bars([(name, (number,)) for name, number in rows], (_("Answers"),)),
        columns=(_("Standing"), _("Answers")),
        rows=tuple(rows),
        facts=((shown(live), _("answers live")),),
    )


def states() -> Figure:
    """How the articles stand with the board."""
    told = figures.states()
    names = [(figures.NEVER, _("Draft")), *((one.value, str(one.label).capitalize()) for one in State)]
    rows = [(name, told.get(state, 0)) for state, name in names]
    return Figure(
        slug="states",
        title=_("Answers by state of review"),
        sentence=_("Drafts never submitted: %(drafts)s; back with their authors: %(back)s.")
        % {
            "drafts": shown(told.get(figures.NEVER, 0)),
            "back": shown(sum(told.get(one, 0) for one in (State.CHANGES_REQUESTED, State.DECLINED))),
        },
        note=_("Each answer once, by the review of its newest edition. What is live may be an earlier one."),
        chart=bars([(name, (number,)) for name, number in rows], (_("Answers"),)),
        columns=(_("State"), _("Answers")),
        rows=tuple(rows),
    )


def _days(group: figures.Group) -> str:
    if group.until is None:
        return _("%(since)d days and longer") % {"since": group.since}
    if not group.since:
        return _("Less than %(until)d days") % {"until": group.until}
    return _("%(since)d to %(until)d days") % {"since": group.since, "until": group.until - 1}


def _days_late(group: figures.Group) -> str:
    if group.until is None:
        return _("More than %(days)d days") % {"days": group.since - 1}
    if group.since <= 1:
        return _("Up to %(days)d days") % {"days": group.until - 1}
    return _("%(since)d to %(until)d days") % {"since": group.since, "until": group.until - 1}


FIGURES: dict[str, Callable[[], Figure]] = {
    "time-to-decision": time_to_decision,
    "open-rounds": open_rounds,
    "looking-again": waiting_again,
    "load": load,
    "standings": standings,
    "states": states,
}
"""Each figure by its name in an address, in the order of the page."""
