"""Works from PubMed by the E-utilities: by PMID, by PMCID, and the record of a DOI.

Source: NCBI, “The E-utilities In-Depth”: EFetch of db=pubmed as MEDLINE text, ESearch and ESummary as JSON. The text is
the same that PubMed gives people as NBIB, so that one reader serves both.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from references.formats import reading
from references.identity import identifiers
from references.lookup.crossref import Ask
from references.web.client import BadAnswer, NotFound
from references.works import Work


def fetch(pmid: str, ask: Ask) -> Work:
    """The work with a PMID. Raises NotFound where PubMed does not have it, and the client's other errors."""
    query = {"db": "pubmed", "id": pmid, "rettype": "medline", "retmode": "text"}
    text = ask(f"{settings.EUTILS_URL}/efetch.fcgi", query, accept="text/plain").text
    if "PMID-" not in text:
        # PubMed says so with status 200, in a sentence where the record would be.
        raise NotFound(_("PubMed has no work with the PMID %(pmid)s.") % {"pmid": pmid})
    found = reading.read(text, format=reading.NBIB)
    for work in found.works:
        if work.pmid == pmid:
            return work
    raise BadAnswer(_("PubMed's record of %(pmid)s cannot be read here.") % {"pmid": pmid})


def of_doi(doi: str, ask: Ask) -> Work | None:
    """The work with a DOI, where PubMed has exactly one; None where it has none, or its record names another DOI."""
    query = {"db": "pubmed", "term": f'"{doi}"[aid]', "retmode": "json", "retmax": "3"}
    answer = ask(f"{settings.EUTILS_URL}/esearch.fcgi", query).json()
    found = answer.get("esearchresult") if isinstance(answer, dict) else None
    listed = found.get("idlist") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise BadAnswer(_("PubMed answered in a form that is not known here."))
    if len(listed) != 1 or not isinstance(listed[0], str):
        return None
    work = fetch(listed[0], ask)
    # A search that finds nothing for a phrase goes on to look for its parts.
    return work if work.doi == doi else None


def of_pmcid(pmcid: str, ask: Ask) -> dict[str, str]:
    """PMID and DOI, as far as it has them, of an article in PubMed Central. Raises NotFound where there is none."""
    number = pmcid.removeprefix("PMC")
    query = {"db": "pmc", "id": number, "retmode": "json"}
    answer = ask(f"{settings.EUTILS_URL}/esummary.fcgi", query).json()
    result = answer.get("result") if isinstance(answer, dict) else None
    summary = result.get(number) if isinstance(result, dict) else None
    if not isinstance(summary, dict) or "error" in summary:
        raise NotFound(_("PubMed Central has no article with the number %(pmcid)s.") % {"pmcid": pmcid})
    return _ids(summary.get("articleids"))


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
