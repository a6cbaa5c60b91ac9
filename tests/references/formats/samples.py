"""Small files in every format, to be broken, cut, joined and taken in."""

from __future__ import annotations

from collections.abc import Sequence

_ENTRIES = {
    "bibtex": (
        "@article{{w{n},\n  title = {{{{{title}}}}},\n  author = {{{author}, Jane and {{Heart Group}}}},\n"
        "  journal = {{Heart Notes}},\n  year = {{2020}},\n  pages = {{1--9}},\n  doi = {{10.5555/w{n}}}\n}}\n"
    ),
    "ris": (
        "TY  - JOUR\nID  - w{n}\nTI  - {title}\nAU  - {author}, Jane\nT2  - Heart Notes\nPY  - 2020\n"
        "SP  - 1\nEP  - 9\nDO  - 10.5555/w{n}\nER  - \n\n"
    ),
    "nbib": (
        "PMID- {pmid}\nTI  - {title}.\nFAU - {author}, Jane\nAU  - {author} J\nPT  - Journal Article\n"
        "JT  - Heart Notes\nDP  - 2020 Oct 14\nPG  - 1-9\nLID - 10.5555/w{n} [doi]\n\n"
    ),
    "wos": (
        "PT J\nAU {author}, J\nAF {author}, Jane\nTI {title}\nSO HEART NOTES\nDT Article\nPY 2020\nBP 1\nEP 9\n"
        "DI 10.5555/w{n}\nUT WOS:{pmid}\nER\n\n"
    ),
    "csl": (
        '{{"id": "w{n}", "type": "article-journal", "title": "{title}", "container-title": "Heart Notes",'
        ' "author": [{{"family": "{author}", "given": "Jane"}}], "issued": {{"date-parts": [[2020]]}},'
        ' "page": "1-9", "DOI": "10.5555/w{n}"}}'
    ),
    "list": "10.5555/w{n}\n",
}
FORMATS = tuple(_ENTRIES)
DESCRIBED = tuple(format for format in FORMATS if format != "list")
"""The formats whose entries describe a work."""

BROKEN = {
    "bibtex": "@article{broken,\n  author = {Doe, Jane},\n  year = {2020}\n}\n",
    "ris": "TY  - JOUR\nID  - broken\nAU  - Doe, Jane\nER  - \n",
    "nbib": "PMID- 999\nFAU - Doe, Jane\n\n",
    "wos": "PT J\nAU Doe, J\nPY 2020\nUT WOS:999\nER\n\n",
    "csl": '{"id": "broken", "author": [{"family": "Doe"}]}',
    "list": "not an identifier\n",
}
"""An entry without a title; in a list, a line without an identifier."""


def entry(format: str, n: int, *, title: str = "", author: str = "Doe") -> str:
    """Entry `n` of a file: a work that no other `n` makes."""
    title = title or f"Volume {n} of many"
    return _ENTRIES[format].format(n=n, title=title, author=author, pmid=1000 + n)


def file_of(format: str, entries: Sequence[str]) -> str:
    """The entries as one file."""
    if format == "csl":
        return "[\n" + ",\n".join(entries) + "\n]\n"
    if format == "wos":
        return "FN Clarivate Analytics Web of Science\nVR 1.0\n" + "".join(entries) + "EF\n"
    return "".join(entries)


def good(format: str, count: int = 3) -> str:
    """A file of so many sound entries."""
    return file_of(format, [entry(format, n) for n in range(1, count + 1)])
