"""Crossref: what its record of a work says, and every notice that says it updates the work.

Both are asked, because publishers deposit an update at the notice, and Crossref joins it to the work later. Sources:
Crossref's REST API documentation (`filter=updates:{doi}`, `update-to`, `updated-by`) and “Updates, corrections and
retractions” for the types.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from references.identity import identifiers
from references.identity.relations import Relative
from references.lookup.crossref import relatives
from references.models import Event
from references.watching.answers import CLEAR, FLAGGED, About, News, Told, kind_of, once, sentence
from references.web import client

AT_ONCE = 100
"""Notices asked for in one answer."""
MOST_NOTICES = 1_000

_SAYS_RETRACTED = re.compile(
    r"\W*(?:RETRACTED|Retracted|WITHDRAWN|Withdrawn|REMOVED)(?:\s+(?:ARTICLE|Article|PAPER|Paper|CHAPTER|Chapter))?\s*"
    r"[]:\u2013\u2014-]"
)
"""A title as publishers rename a retracted work's: “RETRACTED ARTICLE: …” (COPE, Retraction Guidelines)."""


def ask(dois: Sequence[str], *, until: float | None = None, patience: float = client.PATIENT) -> Told:
    """Ask about a work by all its DOIs: its own first, then those of what was merged into it.

    It is clear only where Crossref knows the first and answered every question; a DOI that Crossref does not know is
    one that could not be checked. What was seen before a later question failed is told with the failure. Raises
    client.Busy where our turn is too far off.
    """
    news: list[News] = []
    others: list[About] = []
    related: list[Relative] = []
    asked, waiting = set[str](), list(dois)
    told = Told(CLEAR)
    while waiting:
        doi = waiting.pop(0)
        if doi in asked:
            continue
        asked.add(doi)
        try:
            work = _work(doi, until, patience)
            primary = identifiers.doi(work["DOI"])
            if primary and primary != doi:
                # Crossref gives the record of the DOI that an old one leads to.
                waiting.append(primary)
            mine, about_others = _of_record(work, {*dois, *asked, primary or doi})
            news += mine
            others += about_others
            related += relatives(work)
            news += _of_notices(doi, until, patience)
        except client.NotFound:
            if doi == dois[0]:
                told = told.but_failed(_("Crossref does not know this DOI."), may_pass=False)
        except client.Busy:
            raise
        except client.WebError as error:
            told = told.but_failed(str(error), is_down=isinstance(error, client.Unavailable))
            break
    told = replace(told, news=once(news), others=tuple(others), relatives=tuple(related))
    return replace(told, outcome=FLAGGED, detail=sentence(told.news)) if told.outcome == CLEAR and news else told


def _work(doi: str, until: float | None, patience: float) -> dict[str, Any]:
    url = f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}"
    work = _message(client.get(url, fresh=True, until=until, patience=patience))
    if not isinstance(work.get("DOI"), str):
        raise _bad()
    try:
        identifiers.doi(work["DOI"])
    except ValueError:
        raise _bad() from None
    return work


def _of_record(work: dict[str, Any], own: set[str]) -> tuple[list[News], list[About]]:
    """What a work's own record says against it, and against the works of which it is a notice."""
    news = [found for entry in _entries(work, "updated-by") if (found := _news(entry, _notice(entry)))]
    others: list[About] = []
    updates = _entries(work, "update-to")
    for entry in updates:
        target = _doi(entry)
        found = _news(entry, f"doi:{work['DOI'].lower()}", title=_title(work))
        if found and target in own:
            news.append(found)
        elif found and target:
            others.append(About("doi", target, found))
    title = _title(work)
    if not updates and _SAYS_RETRACTED.match(title):
        news.append(News(Event.Kind.RETRACTION, text=title))
    return news, others


def _of_notices(doi: str, until: float | None, patience: float) -> list[News]:
    """What every notice says that names this DOI as updated."""
    if "," in doi:
        return []  # A comma ends a filter's value; the work's own record must do.
    news: list[News] = []
    seen = 0
    while True:
        query = {"filter": f"updates:{doi}", "select": "DOI,title,update-to", "rows": str(AT_ONCE)}
        if seen:
            query["offset"] = str(seen)
        answer = client.get(f"{settings.CROSSREF_URL}/works", query, fresh=True, until=until, patience=patience)
        message = _message(answer)
        items, total = message.get("items"), message.get("total-results")
        if not isinstance(items, list) or not isinstance(total, int) or (seen + len(items) < total and not items):
            raise _bad()
        for item in items:
            if not isinstance(item, dict):
                raise _bad()
            notice = f"doi:{item['DOI'].lower()}" if isinstance(item.get("DOI"), str) else ""
            for entry in _entries(item, "update-to"):
                if _doi(entry) == doi and (found := _news(entry, notice, title=_title(item))):
                    news.append(found)
        seen += len(items)
        if seen >= min(total, MOST_NOTICES):
            return news


def _message(answer: client.Answer) -> dict[str, Any]:
    data = answer.json()
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, dict):
        raise _bad()
    return message


def _entries(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = record.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _bad()
    return entries


def _news(entry: dict[str, Any], notice: str, title: str = "") -> News | None:
    word = str(entry.get("type") or entry.get("label") or "update")
    kind = kind_of(word)
    if kind is None:
        return None
    label = str(entry.get("label") or word.replace("_", " "))
    if entry.get("source") == "retraction-watch":
        label += " (Retraction Watch)"
    return News(kind, notice, f"{label}: {title}" if title else label, _dated(entry.get("updated")))


def _notice(entry: dict[str, Any]) -> str:
    found = _doi(entry)
    return f"doi:{found}" if found else ""


def _doi(entry: dict[str, Any]) -> str | None:
    try:
        return identifiers.doi(str(entry.get("DOI") or ""))
    except ValueError:
        return None


def _title(record: dict[str, Any]) -> str:
    titles = record.get("title")
    return str(titles[0]) if isinstance(titles, list) and titles else ""


def _dated(updated: Any) -> datetime.date | None:
    """The day of an update: Crossref gives it as `date-parts` (its day or month may be missing) and as a time."""
    try:
        parts = updated["date-parts"][0]
        return datetime.date(*(int(part) for part in parts[:3]))
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _bad() -> client.BadAnswer:
    return client.BadAnswer(_("Crossref answered in a form that is not its own."))
