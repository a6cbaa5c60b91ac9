"""The dashboard: the figures of the board's work, and each as a file for a spreadsheet."""

from __future__ import annotations

import csv
import datetime
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.dashboard.figures import FIGURES, Cell, Figure

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""


def dashboard(request: HttpRequest) -> HttpResponse:
    """GET: every figure, with its chart and its table."""
    shown = [make() for make in FIGURES.values()]
    facts = [fact for figure in shown for fact in figure.facts]
    return render(request, "desk/dashboard/page.html", {"section": "dashboard", "figures": shown, "facts": facts})


def figure_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the table of one figure as CSV. 404 for a figure that there is none of."""
    make = FIGURES.get(slug)
    if make is None:
        raise Http404
    return HttpResponse(
        written(make()).encode("utf-8-sig"),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{slug}-{timezone.localdate().isoformat()}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def written(figure: Figure) -> str:
    """The table as CSV: numbers with a point, months as 2026-11, nothing where there is no value."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([defused(one) for one in figure.columns])
    writer.writerows([_plain(cell) for cell in row] for row in figure.rows)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return defused(cell) if isinstance(cell, str) else str(cell)


def defused(words: str) -> str:
    """Words that no spreadsheet takes for a formula: those that begin like one get an apostrophe before them."""
    return f"'{words}" if words.startswith(FORMULA) else words
