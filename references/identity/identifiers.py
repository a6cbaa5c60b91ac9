"""Identifiers of works and people: the normal form of what a person pastes, and the address that it leads to.

Pure: text in, text out. Each reader returns None for an empty text and raises ValueError, with one plain sentence,
for what is not such an identifier. A normal form, read again, is itself. `recognise` finds out by itself what a text
is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote

import idutils
from django.utils.translation import gettext as _

from references.folding import quoted

LONGEST_DOI = 250

_DOI_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/+", re.IGNORECASE)
_DOI_LABEL = re.compile(r"info:doi/|doi\b[\s:.]*(?=10\.|https?:|(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\ufffd]+")
_PUBMED_ADDRESS = re.compile(
    r"(?:https?://)?(?:(?:www|m)\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/+", re.IGNORECASE
)
_PMC_ADDRESS = re.compile(
    r"(?:https?://)?(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)/+articles?/+",
    re.IGNORECASE,
)
_TRIAL_ADDRESS = re.compile(
    r"(?:https?://)?(?:(?:www|classic)\.)?clinicaltrials\.gov/+(?:ct2/+show|study|show)/+", re.IGNORECASE
)
_ORCID_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?orcid\.org/+", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


def doi(text: str | None) -> str | None:
    """Return a DOI in lower case, without resolver, label or trailing punctuation.

    Reads `10.…`, `doi:10.…` and addresses at doi.org, percent-encoded or not. DOIs compare without regard to case:
    DOI Handbook, 2.4. Brackets at the end stay where they close one inside, as in the DOIs of the 1990s.
    """
    given = _bare(text)
    if not given:
        return None
    # Decoding can bring out a prefix, so it is looked for before and after.
    found = _without_doi_prefix(_bare(_decoded(_without_doi_prefix(given))))
    found = _without_trailing_punctuation(found).lower()
    if not _DOI.fullmatch(found) or len(found) > LONGEST_DOI:
        raise ValueError(
            _("%(text)s is not a DOI: one begins with 10., a registrant's number and a slash, as 10.1000/182.")
            % {"text": quoted(given)}
        )
    return found


def pmid(text: str | None) -> str | None:
    """Return a PubMed number as digits without leading zeros, from the number, `PMID: 123` or a PubMed address."""
    given = _bare(text)
    if not given:
        return None
    match = re.fullmatch(r"(?:PMID\s*:?\s*)?0*([1-9][0-9]{0,7})", _path(given, _PUBMED_ADDRESS), re.IGNORECASE)
    if not match:
        raise ValueError(_("%(text)s is not a PMID: one is a number of up to eight digits.") % {"text": quoted(given)})
    return match[1]


def pmcid(text: str | None) -> str | None:
    """Return a PubMed Central number as `PMC123`; a version such as `.2` at its end is left out."""
    given = _bare(text)
    if not given:
        return None
    match = re.fullmatch(
        r"(?:PMCID\s*:?\s*)?(?:PMC\s*)?0*([1-9][0-9]{0,8})(?:\.[0-9]{1,3})?",
        _path(given, _PMC_ADDRESS),
        re.IGNORECASE,
    )
    if not match:
        raise ValueError(
            _("%(text)s is not a PMCID: one is PMC and a number, as PMC3531190.") % {"text": quoted(given)}
        )
    return f"PMC{match[1]}"


def isbn(text: str | None) -> str | None:
    """Return an ISBN as its 13 digits; one of 10 is turned into 13, and the check digit must be right (ISO 2108)."""
    given = _bare(text)
    if not given:
        return None
    label = re.match(r"(?:urn:)?ISBN(?:-?1[03])?\s*:?\s*(?=[0-9])", given, re.IGNORECASE)
    found = re.sub(r"[\s‐‑‒–—−-]", "", given[label.end() :] if label else given).upper()
    if re.fullmatch(r"97[89][0-9]{10}", found) and idutils.is_isbn13(found):
        return found
    if re.fullmatch(r"[0-9]{9}[0-9X]", found) and idutils.is_isbn10(found):
        body = f"978{found[:9]}"
        return body + str(-sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body)) % 10)
    if re.fullmatch(r"97[89][0-9]{10}|[0-9]{9}[0-9X]", found):
        raise ValueError(
            _("%(text)s is not an ISBN: its last digit does not agree with the others, so one is mistyped.")
            % {"text": quoted(given)}
        )
    raise ValueError(_("%(text)s is not an ISBN: one has 13 digits, or 10.") % {"text": quoted(given)})


def issn(text: str | None) -> str | None:
    """Return an ISSN as `1234-567X`; its check digit must be right (ISO 3297)."""
    given = _bare(text)
    if not given:
        return None
    digits = re.sub(r"^(?:e-?|p-?)?ISSN(?:-L)?\s*:?\s*|[\s‐‑‒–—−-]", "", given, flags=re.I).upper()
    if not re.fullmatch(r"[0-9]{7}[0-9X]", digits) or not idutils.is_issn(digits):
        raise ValueError(
            _("%(text)s is not an ISSN: one has eight digits, of which the last agrees with the others.")
            % {"text": quoted(given)}
        )
    return f"{digits[:4]}-{digits[4:]}"


def nct(text: str | None) -> str | None:
    """Return a ClinicalTrials.gov number as `NCT01234567`, from the number or an address there."""
    given = _bare(text)
    if not given:
        return None
    match = re.fullmatch(
        r"(?:ClinicalTrials\.gov\s*(?:identifier|ID|number)?\s*:?\s*)?NCT\s*:?\s*([0-9]{8})",
        _path(given, _TRIAL_ADDRESS),
        re.IGNORECASE,
    )
    if not match:
        raise ValueError(
            _("%(text)s is not a ClinicalTrials.gov number: one is NCT and eight digits, as NCT00000620.")
            % {"text": quoted(given)}
        )
    return f"NCT{match[1]}"


def orcid(text: str | None) -> str | None:
    """Return an ORCID iD as `0000-0002-1825-0097`; its check digit (ISO 7064, MOD 11-2) must be right."""
    given = _bare(text)
    if not given:
        return None
    address = _ORCID_ADDRESS.match(given)
    found = given[address.end() :].rstrip("/") if address else re.sub(r"^ORCID\s*:?\s*", "", given, flags=re.I)
    digits = re.sub(r"[\s‐‑‒–—−-]", "", found).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", digits) or not idutils.is_orcid(digits):
        raise ValueError(
            _("%(text)s is not an ORCID iD: one has 16 digits, of which the last agrees with the others.")
            % {"text": quoted(given)}
        )
    return idutils.normalize_orcid(digits)


class Identifier(NamedTuple):
    """What a text was recognised as: the scheme (doi, pmid, pmcid, isbn, issn, nct, orcid) and the normal form."""

    scheme: str
    value: str


def recognise(text: str | None) -> Identifier | None:
    """Say which identifier a pasted text is, in whatever brackets, quotation marks or labels it stands; else None.

    What says its own scheme decides: a label (`PMID: 1`), an address, the beginning `10.`, `NCT` or `PMC`. Addresses of
    publishers that hold a DOI are read as that DOI, without what the publisher puts after it (`/full`, `.pdf`). Of
    bare numbers with a sound check digit, 13 digits that begin with 978 or 979 and 10 digits are an ISBN, 16 an ORCID
    iD, and `1234-5678` with its hyphen an ISSN; any other of 6 to 8 digits is a PMID. So eight digits without a hyphen
    are a PMID even where they would do as an ISSN, and a shorter number says too little. A text with more than one
    identifier of a work is none.
    """
    given = _unwrapped(_bare(text))
    if not given or len(given) > _LONGEST_PASTE:
        return None
    for pattern, scheme, read in _SAYING:
        if pattern.match(given):
            return _as(scheme, read, given)
    if re.match(r"https?://|www\.", given, re.IGNORECASE):
        return _in_address(given)
    for pattern, scheme, read in _BARE:
        if pattern.fullmatch(given) and (found := _as(scheme, read, given)):
            return found
    return None


def url_of_doi(value: str) -> str:
    """The address at doi.org, with every character encoded that an address cannot hold."""
    return "https://doi.org/" + quote(value, safe="/:;()._-~!*'@&=+$,")


def url_of_pmid(value: str) -> str:
    """The address at PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(value, safe='')}/"


def url_of_pmcid(value: str) -> str:
    """The address at PubMed Central."""
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(value, safe='')}/"


def url_of_nct(value: str) -> str:
    """The address at ClinicalTrials.gov."""
    return f"https://clinicaltrials.gov/study/{quote(value, safe='')}"


_LONGEST_PASTE = 2_000
_Reader = Callable[[str | None], str | None]
_PLACE = r"(?:https?://)?(?:[\w-]+\.)*"

# What says its own scheme, from the surest on.
_SAYING: tuple[tuple[re.Pattern[str], str, _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), scheme, read)
    for pattern, scheme, read in (
        (r"(?:https?(?::|%3A)(?://|%2F%2F))?(?:dx\.|www\.)?doi\.org(?:/|%2F)", "doi", doi),
        (r"info:doi/|doi\b|10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2F|%252F)", "doi", doi),
        (r"PMCID\b|PMC\s*[0-9]", "pmcid", pmcid),
        (r"PMID\b", "pmid", pmid),
        (r"(?:urn:)?ISBN", "isbn", isbn),
        (r"(?:e-?|p-?)?ISSN", "issn", issn),
        (r"NCT\s*:?\s*[0-9]|ClinicalTrials\.gov\s*(?:identifier|ID|number)?\s*:?\s*NCT", "nct", nct),
        (r"ORCID\b", "orcid", orcid),
        (_PLACE + r"ncbi\.nlm\.nih\.gov/pmc/|(?:https?://)?pmc\.ncbi\.nlm\.nih\.gov/", "pmcid", pmcid),
        (_PUBMED_ADDRESS.pattern, "pmid", pmid),
        (_TRIAL_ADDRESS.pattern, "nct", nct),
        (_ORCID_ADDRESS.pattern, "orcid", orcid),
    )
)
_DASH = "[‐‑‒–—−-]"
# What is known by its form alone.
_BARE: tuple[tuple[re.Pattern[str], str, _Reader], ...] = tuple(
    (re.compile(pattern), scheme, read)
    for pattern, scheme, read in (
        (rf"[0-9]{{4}}{_DASH}[0-9]{{3}}[0-9Xx]", "issn", issn),
        (rf"97[89](?:[\s]|{_DASH})?(?:[0-9](?:\s|{_DASH})?){{9}}[0-9]", "isbn", isbn),
        (rf"(?:[0-9](?:\s|{_DASH})?){{9}}[0-9Xx]", "isbn", isbn),
        (rf"(?:[0-9]{{4}}(?:\s|{_DASH})?){{3}}[0-9]{{3}}[0-9Xx]", "orcid", orcid),
        (r"0*[1-9][0-9]{5,7}", "pmid", pmid),
    )
)
_EUROPE_PMC = re.compile(
    r"(?:https?://)?(?:www\.)?europepmc\.org/+(?:abstract|article|articles)/+(MED|PMC)?/*(?:PMC)?([0-9]+)",
    re.IGNORECASE,
)
_EUROPE_PMC_ARTICLE = re.compile(r"(?:https?://)?(?:www\.)?europepmc\.org/+articles?/+PMC", re.IGNORECASE)
_DOI_IN_ADDRESS = re.compile(r"(?:[/=?&]|doi:)(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s?#&]+)", re.IGNORECASE)
# What publishers put after a DOI in an address: pages of one article.
_AFTER_DOI = re.compile(
    r"/(?:full|fulltext|full-text|pdf|epdf|abstract|abs|html|epub|references|citations?|figures?|suppl(?:ementary)?|"
    r"summary|meta|download|tables?|metrics)(?:[./].*)?$|\.(?:full|pdf|abstract|short|long)(?:[./+].*)?$",
    re.IGNORECASE,
)
_NATURE = re.compile(
    r"(?:https?://)?(?:www\.)?nature\.com/articles/(s[0-9]{5}-[0-9]{3}-[0-9]{4,5}-[0-9a-z])", re.IGNORECASE
)


def _as(scheme: str, read: _Reader, text: str) -> Identifier | None:
    try:
        value = read(text)
    except ValueError:
        return None
    return Identifier(scheme, value) if value else None


def _in_address(text: str) -> Identifier | None:
    """The identifier that an address of a publisher or of Europe PMC holds."""
    if match := _EUROPE_PMC.match(text):
        is_pmc = (match[1] or "").upper() == "PMC" or _EUROPE_PMC_ARTICLE.match(text)
        return _as("pmcid", pmcid, f"PMC{match[2]}") if is_pmc else _as("pmid", pmid, match[2])
    if match := _NATURE.match(text):
        return Identifier("doi", f"10.1038/{match[1].lower()}")
    decoded = _decoded(text)
    if match := _DOI_IN_ADDRESS.search(decoded):
        found = match[1]
        while (cut := _AFTER_DOI.sub("", found)) != found and _DOI.fullmatch(cut):
            found = cut
        return _as("doi", doi, found)
    return None


def _unwrapped(text: str) -> str:
    """`text` without the brackets, quotation marks and stops around it. A bracket that closes one inside stays."""
    while True:
        inner = _without_trailing_punctuation(text.strip().lstrip("\"'“”‘’‹›«»<([{.,;:·•*- ")).rstrip("»›*·•")
        if inner == text:
            return inner
        text = inner


def _bare(text: str | None) -> str:
    """`text` without surrounding space and without the invisible characters that come along in pasting."""
    return "".join(c for c in text or "" if unicodedata.category(c) not in {"Cf", "Cs"}).strip()


def _decoded(text: str) -> str:
    """`text` percent-decoded until nothing is left to decode, so that the result, read again, is itself."""
    while (once := unquote(text)) != text:
        text = once
    return text


def _path(text: str, address: re.Pattern[str]) -> str:
    """What follows `address` at the start of `text`, up to a slash, query or fragment; else `text` as it is."""
    match = address.match(text)
    return re.split(r"[/?#]", text[match.end() :], maxsplit=1)[0] if match else text


def _without_doi_prefix(text: str) -> str:
    """`text` without the quotation marks, labels and resolvers before a DOI; a resolver's query goes with it."""
    while True:
        text = text.lstrip("\"'“”‘’<([{ ")
        if label := _DOI_LABEL.match(text):
            text = text[label.end() :]
        elif resolver := _DOI_RESOLVER.match(text):
            text = re.split(r"[?#]", text[resolver.end() :], maxsplit=1)[0]
        else:
            return text


def _without_trailing_punctuation(text: str) -> str:
    while text:
        last = text[-1]
        opening = _BRACKETS.get(last)
        unpaired = opening is not None and text.count(opening) < text.count(last)
        if not (last.isspace() or last in ".,;:'\"“”‘’…<([{" or unpaired):
            break
        text = text[:-1]
    return text
