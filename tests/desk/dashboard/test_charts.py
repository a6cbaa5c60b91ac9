"""The geometry of charts: round scales, bars as long as their numbers, a line that has gaps, and no data at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.dashboard.charts import Point, bars, line, shortened, ticks_to


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (0.3, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (4, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6, 8]),
        (10, [0, 5, 10]),
        (13, [0, 5, 10, 15]),
        (1300, [0, 500, 1000, 1500]),
    ],
)
def test_a_scale_has_round_numbers(most, ticks):
    assert ticks_to(most) == ticks


@given(st.floats(min_value=0, max_value=1e9))
def test_a_scale_reaches_what_it_has_to_show_in_few_steps(most):
    ticks = ticks_to(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 6
    assert len({second - first for first, second in zip(ticks, ticks[1:], strict=False)}) == 1


def test_bars_are_as_long_as_their_numbers():
    chart = bars([("Ada", (4, 2)), ("Ben", (0, 1))], ("in hand", "signed"))
    lengths = [[float(bar.width.rstrip("%")) for bar in row.bars] for row in chart.rows]
    assert lengths[0][0] == pytest.approx(2 * lengths[0][1]) == pytest.approx(4 * lengths[1][1])
    assert lengths[1][0] == 0
    assert lengths[0][0] <= 100
    assert [bar.value for bar in chart.rows[0].bars] == ["4", "2"]


def test_no_two_rows_of_bars_touch():
    chart = bars([(f"Member {number}", (number, 1)) for number in range(9)], ("in hand", "signed"))
    tops = [bar.y for row in chart.rows for bar in row.bars]
    assert tops == sorted(tops)
    assert all(second - first > 12 for first, second in zip(tops, tops[1:], strict=False))
    assert tops[-1] + 12 < chart.axis < chart.height


def test_no_bars_and_bars_of_nothing():
    assert bars([], ("answers",)).rows == ()
    chart = bars([("Live", (0,))], ("answers",))
    assert [bar.width for bar in chart.rows[0].bars] == ["0.00%"]
    assert [tick.label for tick in chart.ticks] == ["0", "1"]


def test_a_line_joins_neighbours_and_leaves_gaps():
    chart = line([Point("Jan", 2.0, 1.0, 4.0), Point("Feb", 3.0), Point("Mar", None), Point("Apr", 1.0)])
    assert len(chart.spots) == 3
    assert [(one.x1, one.x2) for one in chart.segments] == [(chart.spots[0].x, chart.spots[1].x)]
    first, second, _third = chart.spots
    assert float(second.y) < float(first.y)
    assert float(first.top) < float(first.y) < float(first.bottom) <= chart.axis
    assert (second.top, second.bottom) == (second.y, second.y)


def test_a_line_without_points_and_with_one():
    assert line([]).spots == ()
    assert line([Point("Jan", None)]).spots == ()
    one = line([Point("Jan", 0.0)])
    assert len(one.spots) == 1
    assert one.segments == ()
    assert float(one.spots[0].y) == one.axis
    assert 40 < float(one.spots[0].x.rstrip("%")) < 60


def test_every_second_point_is_named_and_the_last_always():
    assert [tick.label for tick in line([Point(str(number), 1.0) for number in range(12)]).labels] == list(
        map(str, range(1, 12, 2))
    )


def test_a_long_name_is_shortened():
    assert shortened("Ada") == "Ada"
    assert len(shortened("A" * 120)) == 40
    assert shortened("A" * 120).endswith("…")
