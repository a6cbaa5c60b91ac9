"""Works with more authors than are named: each format says so in its way, and none names an author `et al.`"""

from __future__ import annotations

import re

import pytest

from references.citing.style import authors_line
from references.formats import reading
from references.formats.csl import to_csl
from references.works import Work

REYES = {"family": "Reyes", "given": "Ana"}
OTHERS = {"literal": "others"}
# As rows hold them that were written before such a name was known for what it is.
WORK = Work(title="T", key="k", type="book", authors=[REYES, {"literal": "et al."}], editors=[REYES, OTHERS])


@pytest.mark.parametrize(
    ("format", "comes_back"), [("bibtex", [REYES, OTHERS]), ("csl", [REYES, OTHERS]), ("ris", [REYES])]
)
def test_no_file_names_them_as_an_author(format, comes_back):
    text = reading.write(format, [to_csl(WORK)])
    assert "et al" not in text
    assert not re.search(r"AU  - .*others|\"literal\"", text)
    (work,) = reading.read(text, format=format).works
    assert work.authors == work.editors == comes_back


def test_a_citation_ends_with_them():
    (work,) = reading.read(reading.write("csl", [to_csl(WORK)])).works
    assert authors_line(to_csl(work)) == "Reyes A, et al."


@pytest.mark.parametrize(
    "custom", [{"others": "author"}, {"others": 3}, {"others": [["author"], None]}, {"others": {}}]
)
def test_what_custom_says_otherwise_is_passed_over(custom):
    item = to_csl(Work(title="T", key="k", authors=[REYES]))
    (work,) = reading.read(reading.write("csl", [item | {"custom": custom}])).works
    assert work.authors == [REYES]


@pytest.mark.parametrize("more", ["et al", "et al.", "others", "al, et"])
def test_medline_says_so_in_a_line(more):
    (work,) = reading.read(f"PMID- 1\nTI  - T.\nFAU - Reyes, Ana\nFAU - {more}\n", format="nbib").works
    assert work.authors == [REYES, OTHERS]
