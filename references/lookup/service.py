"""One question for anything that a person pastes: `look_up` gives the work, or candidates to choose from.

What several services know of one work is put together, and it is said who said it. A service that could not be asked
leaves a note, never a guess: what is not known stays empty.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

from django.utils.translation import gettext as _

from references.folding import quoted, tidy_line
from references.identity import identifiers
from references.identity.relations import Relative
from references.lookup import crossref, datacite, pubmed
from references.lookup.crossref import Ask
from references.models import Kind, Reference, Status, Type
from references.web import client
from references.web.client import NotFound, WebError
from references.works import Work, clean

LONGEST = 1_000
"""Of a text that is looked up: a long title, or a whole citation."""
SECONDS = 15.0
"""For a person who waits before a page; the web process itself gives up at 30."""
SHORTEST_TITLE = 6
CROSSREF, DATACITE = "crossref", "datacite"
"""The registers that name relatives."""

_GRAVE_UPDATES = {"retraction", "partial_retraction", "withdrawal", "removal", "expression_of_concern"}


@dataclass(frozen=True)
class Found:
    """A work in normal form, who said what of it, its relatives, and sentences for the person.

    `register` is who names the relatives, as `Relation.source` holds it: PubMed names none.
    """

    work: Work
    source: str
    relatives: tuple[Relative, ...] = ()
    notes: tuple[str, ...] = ()
    register: str = ""


@dataclass(frozen=True)
class Candidates:
    """Works that may be meant, the likeliest first. Each has a DOI, by which it is looked up in turn."""

    works: list[Work]
    source: str


@dataclass(frozen=True)
class Asked:
    """What a text turned out to be: `scheme` is doi, pmid, pmcid, isbn, nct or title; `value` its normal form."""

    scheme: str
    value: str


class Unreadable(ValueError):
    """A text that is nothing that could be looked up; `str()` is the sentence."""


def recognised(text: str) -> Asked:
    """What a person pasted: an identifier in any form, else a title. Raises Unreadable.

    A text that is labelled or looks like an identifier but is none is refused with that identifier's sentence, and not
    searched for as a title. A number of up to eight digits alone is a PMID.
    """
    # Without the invisible characters that come along in pasting.
    line = tidy_line("".join(c for c in text[: LONGEST * 2] if unicodedata.category(c) != "Cf"))
    if not line:
        raise Unreadable(_("Paste a DOI, PMID, PMCID, ISBN or title."))
    if len(line) > LONGEST:
        raise Unreadable(
            _("That is too long to look up: a title or a citation has at most %(most)d characters.") % {"most": LONGEST}
        )
    for scheme, shape in _SHAPES.items():
        if shape.match(line):
            try:
                return Asked(scheme, getattr(identifiers, scheme)(line))
            except ValueError as error:
                raise Unreadable(str(error)) from None
    if inside := _DOI_INSIDE.search(line):
        try:
            return Asked("doi", identifiers.doi(inside[0]) or "")
        except ValueError:
            pass
    if re.match(r"(?i)https?://|www\.", line):
        raise Unreadable(_("No DOI, PMID or PMCID stands in this address: paste the work's identifier or title."))
    if len(line) < SHORTEST_TITLE:
        raise Unreadable(_("%(text)s is too short to be looked up as a title.") % {"text": quoted(line)})
    return Asked("title", line)


_SHAPES = {
    "doi": re.compile(
        r"(?i)[<(\[\"'“]*(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi\s*[:.]?\s*10\.|info:doi/|10\.[0-9.]{4,}(?:/|%2F))"
    ),
    "pmcid": re.compile(r"(?i)(?:PMCID\b|PMC\s*[0-9]+(?:\.[0-9]+)?$|\S*(?:/pmc/|pmc\.ncbi|europepmc\.org)\S*$)"),
    "pmid": re.compile(r"(?i)(?:PMID\b|[0-9]{1,8}$|\S*(?:pubmed\.ncbi|/pubmed/)\S*$)"),
    "nct": re.compile(
        r"(?i)(?:NCT\s*:?\s*[0-9]+$|ClinicalTrials\.gov\s*(?:identifier|ID|number)|\S*clinicaltrials\.gov/\S*$)"
    ),
    "isbn": re.compile(r"(?i)(?:urn:isbn|ISBN\b|(?:97[89][\s‐‑–-]?)?(?:[0-9][\s‐‑–-]?){9}[0-9X]$)"),
}
_DOI_INSIDE = re.compile(r"(?i)(?:doi\.org/|doi:\s*|\b)10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s?#]+")


def look_up(text: str, *, patience: float = client.IMPATIENT, seconds: float = SECONDS) -> Found | Candidates:
    """Look up anything pasted: a DOI, PMID, PMCID, ISBN, trial number or title.

    Raises Unreadable where there is nothing to look up, NotFound where no service has it, and the client's other errors
    (each one sentence) where the services could not be asked. The answers of a day are kept.
    """
    asked = recognised(text)
    ask = partial(client.get, patience=patience, until=time.monotonic() + seconds)
    return _BY_SCHEME[asked.scheme](asked.value, ask)


def look_up_again(held: Reference | Work, *, patience: float = client.IMPATIENT, seconds: float = SECONDS) -> Found:
    """What the services say now of a work that is held here, asked anew by its own identifiers.

    A register is asked for the DOI and PubMed for the PMID; without both, whatever else the work has. What only one of
    them answered comes with a note on the other. Raises Unreadable where the work has nothing to ask for, NotFound
    where nobody has it, and the client's other errors.
    """
    ask = partial(client.get, patience=patience, until=time.monotonic() + seconds, fresh=True)
    if held.doi and held.pmid:
        return _by_both(held.doi, held.pmid, ask)
    for scheme in ("doi", "pmid", "pmcid", "isbn"):
        if value := getattr(held, scheme):
            found = _BY_SCHEME[scheme](value, ask)
            return found if isinstance(found, Found) else _several()
    raise Unreadable(_("This work has no DOI, PMID, PMCID or ISBN by which a service could be asked."))


def _by_both(doi: str, pmid: str, ask: Ask) -> Found:
    failures: list[WebError] = []
    answers: list[Found] = []
    for question in (partial(registered, doi), partial(_at_pubmed, pmid)):
        try:
            answers.append(question(ask))
        except WebError as error:
            failures.append(error)
    if not answers:
        raise failures[0]
    notes = tuple(str(error) for error in failures)
    for each in answers:
        if each.work.doi not in (None, doi):
            # A PMID that was mistyped here once: nothing of that record is this work's.
            told = {"pmid": pmid, "doi": each.work.doi}
            notes += (
                _("PubMed’s record of PMID %(pmid)s is of another DOI, %(doi)s: look which one is right.") % told,
            )
    answers = [each for each in answers if each.work.doi in (None, doi)]
    if not answers:
        raise NotFound(" ".join(notes))
    found = together(*answers) if len(answers) == 2 else answers[0]
    return replace(found, notes=(*found.notes, *notes))


def _at_pubmed(pmid: str, ask: Ask) -> Found:
    return of_work(pubmed.fetch(pmid, ask), "PubMed")


def _by_doi(doi: str, ask: Ask) -> Found:
    try:
        found = registered(doi, ask)
    except NotFound:
        raise
    except WebError as error:
        # Crossref's failure, or DataCite's after Crossref had nothing.
        return _by_doi_at_pubmed(doi, ask, error)
    return found if found.register == DATACITE else _with_pubmed(found, doi, ask)


def registered(doi: str, ask: Ask) -> Found:
    """What Crossref says of a DOI, or DataCite where Crossref does not have it. Raises the client's errors."""
    try:
        return of_message(crossref.fetch(doi, ask))
    except NotFound:
        return at_datacite(doi, ask)


def at_datacite(doi: str, ask: Ask) -> Found:
    """What DataCite says of a DOI that Crossref does not have."""
    try:
        attributes = datacite.fetch(doi, ask)
    except NotFound:
        raise NotFound(
            _("Neither Crossref nor DataCite has %(doi)s: look whether it is typed rightly.") % {"doi": quoted(doi)}
        ) from None
    return replace(
        of_work(datacite.work(attributes), "DataCite", datacite.relatives(attributes)),
        register=DATACITE,
    )


def _by_doi_at_pubmed(doi: str, ask: Ask, failure: WebError) -> Found:
    """What PubMed has of a DOI that Crossref could not be asked for; the failure, where it has nothing either."""
    try:
        other = pubmed.of_doi(doi, ask)
    except WebError:
        other = None
    if other is None:
        raise failure
    return of_work(other, "PubMed", notes=[str(failure)])


def _by_pmid(pmid: str, ask: Ask) -> Found:
    found = of_work(pubmed.fetch(pmid, ask), "PubMed")
    return _with_crossref(found, ask)


def _by_pmcid(pmcid: str, ask: Ask) -> Found:
    known = pubmed.of_pmcid(pmcid, ask)
    if "pmid" in known:
        found = _by_pmid(known["pmid"], ask)
    elif "doi" in known:
        found = _by_doi(known["doi"], ask)
    else:
        raise NotFound(no_names(pmcid))
    return replace(found, work=replace(found.work, pmcid=found.work.pmcid or pmcid))


def no_names(pmcid: str) -> str:
    """The sentence about an article in PubMed Central that is nowhere else."""
    return _("PubMed Central names neither a PMID nor a DOI for %(pmcid)s.") % {"pmcid": pmcid}


def book(isbn: str, ask: Ask) -> Found:
    """The one book that Crossref has under an ISBN. Raises NotFound where there is none, or more than one."""
    found = _by_isbn(isbn, ask)
    return found if isinstance(found, Found) else _several()


def _several() -> NoReturn:
    raise NotFound(_("Crossref has several books with this ISBN, and cannot say which one this is."))


def _by_isbn(isbn: str, ask: Ask) -> Found | Candidates:
    messages = crossref.books(isbn, ask)
    if not messages:
        raise NotFound(
            _("Crossref has no book with the ISBN %(isbn)s. Many books have no entry there: fill in the form by hand.")
            % {"isbn": isbn}
        )
    if len(messages) > 1:
        return Candidates([of_message(each).work for each in messages[: crossref.CANDIDATES]], "Crossref")
    found = of_message(messages[0])
    # A book has an ISBN for each binding: the one that was asked for is the one in the person's hand.
    return replace(found, work=replace(found.work, isbn=isbn))


def _by_nct(nct: str, ask: Ask) -> Found:
    """What the number itself says. No service that is asked here has registrations."""
    work = Work(
        title="",
        kind=Kind.TRIAL_REGISTRATION.value,
        type=Type.WEBPAGE.value,
        container="ClinicalTrials.gov",
        nct=nct,
        url=identifiers.url_of_nct(nct),
    )
    note = _(
        "Neither Crossref, PubMed nor DataCite keeps trial registrations: number and address are filled in, title and "
        "sponsor are yours to fill in from ClinicalTrials.gov."
    )
    return Found(work, "", notes=(note,))


def _by_title(title: str, ask: Ask) -> Candidates:
    messages = crossref.candidates(title, ask)
    if not messages:
        raise NotFound(_("Crossref has no work with a title like this."))
    works = [_sound(crossref.work(message))[0] for message in messages]
    return Candidates([work for work in works if work.doi], "Crossref")


_BY_SCHEME: dict[str, Callable[[str, Ask], Found | Candidates]] = {
    "doi": _by_doi,
    "pmid": _by_pmid,
    "pmcid": _by_pmcid,
    "isbn": _by_isbn,
    "nct": _by_nct,
    "title": _by_title,
}


def of_message(message: dict[str, object]) -> Found:
    """What a message of Crossref says."""
    notes = []
    for kind, notice in crossref.updates(message):
        if kind in _GRAVE_UPDATES:
            told = {"what": kind.replace("_", " "), "notice": notice or _("an unnamed notice")}
            notes.append(_("Crossref knows of a notice against this work (%(what)s): %(notice)s.") % told)
    found = of_work(crossref.work(message), "Crossref", crossref.relatives(message), notes)
    return replace(found, register=CROSSREF)


def _with_pubmed(found: Found, doi: str, ask: Ask) -> Found:
    """The same with PMID, PMCID, kind and what else Crossref did not know, where PubMed has the DOI."""
    if found.work.type != Type.ARTICLE_JOURNAL and found.work.type != Type.ARTICLE:
        return found
    try:
        other = pubmed.of_doi(doi, ask)
    except NotFound:
        return found
    except WebError as error:
        note = _("PubMed could not be asked for the PMID: %(reason)s") % {"reason": error}
        return replace(found, notes=(*found.notes, note))
    return together(found, of_work(other, "PubMed")) if other else found


def _with_crossref(found: Found, ask: Ask) -> Found:
    """The same with its relatives, and what else PubMed did not know, where Crossref has the DOI."""
    if not found.work.doi:
        return found
    try:
        other = of_message(crossref.fetch(found.work.doi, ask))
    except NotFound:
        return found
    except WebError as error:
        note = _("Crossref could not be asked for other versions: %(reason)s") % {"reason": error}
        return replace(found, notes=(*found.notes, note))
    return together(found, other)


def together(first: Found, second: Found) -> Found:
    """Both in one: what the first says stands, the second fills what it leaves empty."""
    work = replace(first.work)
    # Of two ways to write one date or place, parts of both would say something that neither said.
    for group in (("year", "month", "day"), ("volume",), ("issue",), ("pages", "number"), *((n,) for n in _ALONE)):
        if not any(_says(work, name) for name in group):
            for name in group:
                setattr(work, name, getattr(second.work, name))
    return Found(
        work,
        _("%(first)s and %(second)s") % {"first": first.source, "second": second.source},
        tuple(dict.fromkeys((*first.relatives, *second.relatives))),
        tuple(dict.fromkeys((*first.notes, *second.notes))),
        first.register or second.register,
    )


_ALONE = (
    "kind", "type", "title", "authors", "editors", "container", "container_short", "series", "edition", "doi", "pmid",
    "pmcid", "isbn", "issn", "nct", "abstract",
)  # fmt: skip


def _says(work: Work, name: str) -> bool:
    return getattr(work, name) not in (None, "", [], Kind.OTHER.value)


def of_work(work: Work, source: str, relatives: list[Relative] | None = None, notes: list[str] | None = None) -> Found:
    """A work as a service describes it, in normal form, with what had to be left out."""
    tidy, remarks = _sound(work)
    return Found(tidy, source, tuple(relatives or ()), (*(notes or ()), *remarks))


def _sound(work: Work) -> tuple[Work, list[str]]:
    """The work in normal form without what the library would refuse, and sentences about what was left out.

    Keys and marks are ours to give, not a register's: a mark becomes a sentence.
    """
    tidy, errors = clean(replace(work, key="", status=Status.CURRENT.value))
    blank = Work(title="")
    remarks = []
    if work.status in Status.values and work.status != Status.CURRENT:
        remarks.append(_("The record marks this work: %(mark)s.") % {"mark": Status(work.status).label})
    for name, messages in errors.items():
        if name == "title" and not tidy.title:
            remarks.append(_("The record has no title."))
            continue
        setattr(tidy, name, getattr(blank, name))
        remarks.append(_("Left out, because it is not sound: %(reasons)s") % {"reasons": " ".join(messages)})
    return tidy, remarks
