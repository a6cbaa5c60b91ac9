"""Works from PubMed by the E-utilities: by PMID, by PMCID, and the record of a DOI.

Source: NCBI, “The E-utilities In-Depth”: EFetch of db=pubmed as MEDLINE text, ESearch and ESummary as JSON. The text is
the same that PubMed gives people as NBIB, so that one reader serves both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from references.formats import reading
from references.identity import identifiers
from references.lookup.crossref import Ask
from references.web.client import BadAnswer, NotFound
from references.works import Work

_NONE = re.compile(r"(?i)error occurred|not available|cannot (?:get|retrieve)|empty (?:id|result)")
"""How PubMed says, where records would be, that it has none."""


def fetch(pmid: str, ask: Ask) -> Work:
    """The work with a PMID. Raises NotFound where PubMed does not have it, and the client's other errors."""
    query = {"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text"}
    text = ask(f"{settings.EUTILS_URL}/efetch.fcgi", query, accept="text/plain").text
    if "PMID-" not in text:
        if text.strip() and not _NONE.search(text):
            raise _bad()
        # PubMed says so with status 200, in a sentence where the record would be.
        raise NotFound(_("PubMed has no work with the PMID %(pmid)s.") % {"pmid": pmid})
    found = reading.read(text, format=reading.NBIB)
    for work in found.works:
        if work.pmid == pmid:
            return work
    raise BadAnswer(_("PubMed's record of %(pmid)s cannot be read here.") % {"pmid": pmid})


def fetch_many(pmids: Sequence[str], ask: Ask) -> dict[str, Work]:
    """The works of some PMIDs, by PMID; what is not in the answer, or cannot be read there, is left out.

    Raises BadAnswer where the answer is none of PubMed's.
    """
    query = {"db": "pubmed", "id": ",".join(pmids), "rettype": "medline", "retmode": "text"}
    text = ask(f"{settings.EUTILS_URL}/efetch.fcgi", query, accept="text/plain").text
    if "PMID-" not in text and text.strip() and not _NONE.search(text):
        raise _bad()
    found = {work.pmid: work for work in reading.read(text, format=reading.NBIB).works}
    return {pmid: found[pmid] for pmid in pmids if pmid in found}


def of_dois(dois: Sequence[str], ask: Ask) -> dict[str, Work]:
    """The works of some DOIs, by DOI, as far as PubMed has just one under it. Two questions."""
    term = " OR ".join(f'"{doi}"[aid]' for doi in dois)
    query = {"db": "pubmed", "term": term, "retmode": "json", "retmax": str(3 * len(dois))}
    listed = _listed(ask(f"{settings.EUTILS_URL}/esearch.fcgi", query).json())
    if len(listed) > 2 * len(dois) and len(dois) > 1:
        # A search that finds nothing for a phrase goes on to look for its parts: one DOI hides what the others have.
        raise BadAnswer(_("PubMed found more than was asked for."))
    if not listed:
        return {}
    found: dict[str, list[Work]] = {}
    for work in fetch_many(listed, ask).values():
        found.setdefault(work.doi or "", []).append(work)
    return {doi: found[doi][0] for doi in dois if len(found.get(doi, ())) == 1}


def of_doi(doi: str, ask: Ask) -> Work | None:
    """The work with a DOI, where PubMed has exactly one; None where it has none, or its record names another DOI."""
    query = {"db": "pubmed", "term": f'"{doi}"[aid]', "retmode": "json", "retmax": "3"}
    listed = _listed(ask(f"{settings.EUTILS_URL}/esearch.fcgi", query).json())
    if len(listed) != 1:
        return None
    work = fetch(listed[0], ask)
    # A search that finds nothing for a phrase goes on to look for its parts.
    return work if work.doi == doi else None


def of_pmcid(pmcid: str, ask: Ask) -> dict[str, str]:
    """PMID and DOI, as far as it has them, of an article in PubMed Central. Raises NotFound where there is none."""
    names = of_pmcids([pmcid], ask)[pmcid]
    if names is None:
        raise NotFound(no_pmcid(pmcid))
    return names


def of_pmcids(pmcids: Sequence[str], ask: Ask) -> dict[str, dict[str, str] | None]:
    """The same of some articles, by PMCID; None for what PubMed Central does not have."""
    numbers = {pmcid: pmcid.removeprefix("PMC") for pmcid in pmcids}
    query = {"db": "pmc", "id": ",".join(numbers.values()), "retmode": "json"}
    answer = ask(f"{settings.EUTILS_URL}/esummary.fcgi", query).json()
    result = answer.get("result") if isinstance(answer, dict) else None
    summaries = {pmcid: result.get(number) if isinstance(result, dict) else None for pmcid, number in numbers.items()}
    return {
        pmcid: None if not isinstance(summary, dict) or "error" in summary else _ids(summary.get("articleids"))
        for pmcid, summary in summaries.items()
    }


def no_pmcid(pmcid: str) -> str:
    """The sentence about a number that PubMed Central does not have."""
    return _("PubMed Central has no article with the number %(pmcid)s.") % {"pmcid": pmcid}


def _listed(answer: Any) -> list[str]:
    """The PMIDs that a search found."""
    found = answer.get("esearchresult") if isinstance(answer, dict) else None
    listed = found.get("idlist") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise _bad()
    return [each for each in listed if isinstance(each, str)]


def _bad() -> BadAnswer:
    return BadAnswer(_("PubMed answered in a form that is not known here."))


def _ids(listed: Any) -> dict[str, str]:
    """The sound identifiers of a summary; a PMID of 0 says that there is none."""
    found = {}
    for entry in listed if isinstance(listed, list) else []:
        scheme, value = (entry.get("idtype"), entry.get("value")) if isinstance(entry, dict) else (None, None)
        if scheme not in {"pmid", "doi"} or not isinstance(value, str) or value in {"", "0"}:
            continue
        try:
            found[scheme] = getattr(identifiers, scheme)(value) or ""
        except ValueError:
            continue
    return {scheme: value for scheme, value in found.items() if value}
