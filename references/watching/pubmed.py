"""PubMed: publication types, and the lines that join a work to the notices about it. Many works in one question.

Source: NLM, “MEDLINE/PubMed Data Element (Field) Descriptions” for the tags, and “Errata, Retractions, and Other Linked
Citations in PubMed” for what they mean. Of each pair of tags, one stands at the work (“Retraction in”), the other at
the notice (“Retraction of”), so that a notice is never taken for what it is about.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from references.formats import nbib
from references.identity import identifiers
from references.models import Event
from references.watching.answers import CLEAR, FAILED, FLAGGED, About, News, Told, once, sentence
from references.web import client

AT_ONCE = 200
"""PMIDs in one question: NCBI asks for POST above that."""

Fields = Mapping[str, Sequence[str]]

_AT_THE_WORK = {
    "RIN": (Event.Kind.RETRACTION, "Retraction in"),
    "PRIN": (Event.Kind.RETRACTION, "Partial retraction in"),
    "RRI": (Event.Kind.RETRACTION, "Retracted and republished in"),
    "ECI": (Event.Kind.CONCERN, "Expression of concern in"),
    "EIN": (Event.Kind.CORRECTION, "Erratum in"),
    "CRI": (Event.Kind.CORRECTION, "Corrected and republished in"),
    "UIN": (Event.Kind.NEW_VERSION, "Update in"),
}
_AT_THE_NOTICE = {
    "ROF": (Event.Kind.RETRACTION, "Retraction of"),
    "PROF": (Event.Kind.RETRACTION, "Partial retraction of"),
    "RRF": (Event.Kind.RETRACTION, "Retracted and republished from"),
    "ECF": (Event.Kind.CONCERN, "Expression of concern for"),
    "EFR": (Event.Kind.CORRECTION, "Erratum for"),
    "CRF": (Event.Kind.CORRECTION, "Corrected and republished from"),
    "UOF": (Event.Kind.NEW_VERSION, "Update of"),
}
_PMID = re.compile(r"\bPMID:\s*([1-9]\d{0,7})\b")
_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{4}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{1,2})\b")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def ask(pmids: Sequence[str], *, until: float | None = None, patience: float = client.PATIENT) -> dict[str, Told]:
    """Ask about many works at once, AT_ONCE at most, and return the answer for each PMID.

    One that is missing in the answer could not be checked. Raises client.WebError where the whole question failed.
    """
    query = {"db": "pubmed", "id": ",".join(pmids), "rettype": "medline", "retmode": "text"}
    answer = client.get(
        f"{settings.EUTILS_URL}/efetch.fcgi", query, accept="text/plain", fresh=True, until=until, patience=patience
    )
    found: dict[str, Fields] = {}
    for fields in nbib.records(answer.text):
        for pmid in fields.get("PMID", ())[:1]:
            found[pmid.strip()] = fields
    return {pmid: _judged(found.get(pmid, {}), pmid) for pmid in pmids}


def together(told: Sequence[Told]) -> Told:
    """One answer from those about each PMID of a work, its own first: a failure at its own fails the whole."""
    news = once([each for one in told for each in one.news])
    others = tuple(each for one in told for each in one.others)
    if told[0].outcome == FAILED:
        return Told(FAILED, told[0].detail, news, others, may_pass=told[0].may_pass)
    return Told(FLAGGED, sentence(news), news, others) if news else Told(CLEAR, others=others)


def _judged(fields: Fields, pmid: str) -> Told:
    """What a record says against its work, and against others. Its last line, which every record has, must be there."""
    if not fields:
        return Told(FAILED, _("PubMed gave no record for this PMID."), may_pass=False)
    if not fields.get("SO"):
        return Told(FAILED, _("PubMed's record breaks off."))
    types = {each.strip().casefold() for each in fields.get("PT", ())}
    news = [
        News(kind, _notice(line), f"{words}: {line}", _dated(line))
        for tag, (kind, words) in _AT_THE_WORK.items()
        for line in fields.get(tag, ())
    ]
    kinds = {each.kind for each in news}
    if "retracted publication" in types and Event.Kind.RETRACTION not in kinds:
        news.append(News(Event.Kind.RETRACTION, text="Retracted Publication"))
    # The type alone marks a notice as well as a work: at a notice there stands for which.
    if "expression of concern" in types and Event.Kind.CONCERN not in kinds and not fields.get("ECF"):
        news.append(News(Event.Kind.CONCERN, text="Expression of Concern"))
    others = [
        About(*named, News(kind, f"pmid:{pmid}", f"{words}: {line}"))
        for tag, (kind, words) in _AT_THE_NOTICE.items()
        for line in fields.get(tag, ())
        if (named := _named(line))
    ]
    found = once(news)
    return Told(FLAGGED if found else CLEAR, sentence(found), found, tuple(others))


def _notice(line: str) -> str:
    named = _named(line)
    return f"{named[0]}:{named[1]}" if named else line


def _named(line: str) -> tuple[str, str] | None:
    """The identifier of the other work in `N Engl J Med. 2020 Jun 25;382(26):2582. doi: 10.1056/… PMID: 32501664`."""
    if match := _PMID.search(line):
        return "pmid", match[1]
    if match := _DOI.search(line):
        try:
            found = identifiers.doi(match[1])
        except ValueError:
            return None
        return ("doi", found) if found else None
    return None


def _dated(line: str) -> datetime.date | None:
    """The day on which a notice appeared, where its line names one."""
    match = _DAY.search(line)
    try:
        return datetime.date(int(match[1]), _MONTHS.index(match[2]) + 1, int(match[3])) if match else None
    except ValueError:
        return None
