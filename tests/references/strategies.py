"""Works and JSON values as hypothesis makes them."""

import datetime

from hypothesis import strategies as st

from references.formats.entries import full_pages
from references.models import Kind, Status, Type
from references.names import NAME_PARTS
from references.works import Work, clean

TEXTS = st.text(max_size=40)
PERSONS = st.fixed_dictionaries({"family": TEXTS}, optional={part: TEXTS for part in NAME_PARTS if part != "family"})
ORGANISATIONS = st.fixed_dictionaries({"literal": TEXTS})
DOIS = st.builds("10.{}/{}".format, st.integers(1000, 99999), st.text("abcXYZ019()<>;:.-_/", min_size=1, max_size=30))
ISBNS = st.sampled_from(["0306406152", "978-0-306-40615-7", "080442957X", "9798675309412"])
DATES = st.dates(datetime.date(1000, 1, 1), datetime.date(2200, 12, 31))


@st.composite
def works(draw, texts=TEXTS):
    """Sound works in normal form, with dates of every length and any of the fields empty.

    `texts` makes what stands in the fields of one line, for a format that cannot hold every sign.
    """
    day = draw(DATES)
    date = (day.year, day.month, day.day)[: draw(st.integers(0, 3))]
    year, month, number = (*date, None, None, None)[:3]
    work = Work(
        title=draw(texts.filter(str.strip)),
        key=draw(
            st.one_of(st.just(""), st.from_regex(r"[a-zé]\w{0,8}(?:[:.#$%&+?<>~/-]\w{1,4})?", fullmatch=True), TEXTS)
        ),
        kind=draw(st.sampled_from(Kind.values)),
        type=draw(st.sampled_from(["", *Type.values])),
        genre=draw(texts),
        authors=draw(st.lists(st.one_of(PERSONS, ORGANISATIONS), max_size=4)),
        editors=draw(st.lists(st.one_of(PERSONS, ORGANISATIONS), max_size=2)),
        container_short=draw(texts),
        series=draw(texts),
        edition=draw(texts),
        version=draw(texts),
        place=draw(texts),
        number=draw(texts),
        issn=draw(st.none() | st.sampled_from(["0028-4793", "0140-6736", "1533-4406"])),
        nct=draw(st.none() | st.integers(1, 99_999_999).map("NCT{:08}".format)),
        container=draw(texts),
        publisher=draw(texts),
        year=year,
        month=month,
        day=number,
        volume=draw(texts),
        issue=draw(texts),
        pages=full_pages(draw(texts)),
        doi=draw(st.none() | DOIS),
        pmid=draw(st.none() | st.integers(1, 99_999_999).map(str)),
        pmcid=draw(st.none() | st.integers(1, 99_999_999).map("PMC{}".format)),
        isbn=draw(st.none() | ISBNS),
        url=draw(st.sampled_from(["", "https://example.org/a?b=c#d", "http://example.org:8080/ü"])),
        accessed_on=draw(st.none() | DATES),
        abstract=draw(st.lists(texts, max_size=6).map("\n".join) if texts is not TEXTS else st.text(max_size=200)),
        status=draw(st.sampled_from(Status.values)),
    )
    tidy, errors = clean(work)
    if "key" in errors:
        tidy, errors = clean(Work(**{**work.values(), "key": ""}))
    if "doi" in errors:
        tidy, errors = clean(Work(**{**tidy.values(), "doi": None}))
    if "title" in errors:
        tidy, errors = clean(Work(**{**tidy.values(), "title": "A title"}))
    assert not errors
    return tidy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
CSL_FIELDS = ["id", "type", "title", "author", "container-title", "publisher", "issued", "volume", "issue", "page"]
CSL_FIELDS += ["DOI", "PMID", "PMCID", "ISBN", "URL", "accessed", "abstract", "note", "custom", "citation-key"]
DATE_LIKE = st.fixed_dictionaries(
    {}, optional={"date-parts": JSON | st.lists(st.lists(JSON, max_size=3), max_size=2), "raw": JSON, "literal": JSON}
)
NAME_LIKE = st.dictionaries(st.sampled_from([*NAME_PARTS, "literal"]), JSON, max_size=3)
HOSTILE_ITEMS = st.dictionaries(
    st.sampled_from(CSL_FIELDS), JSON | DATE_LIKE | st.lists(NAME_LIKE, max_size=2), max_size=6
)
"""Few fields at a time, each with anything: what goes wrong goes wrong in one field or between two."""
