"""What comes instead of a sound file, in each format: it is refused in a sentence, or read as far as it is sound."""

from __future__ import annotations

import codecs
import re

import pytest

from references.formats import reading
from references.formats.entries import LARGEST_FILE
from tests.references.formats.samples import BROKEN, DESCRIBED, FORMATS, entry, file_of, good

HTML = """<!DOCTYPE html>
<html lang="en"><head><title>502 Bad Gateway</title>
<style>@media (max-width: 40em) { body { margin: 0 } }</style></head>
<body><h1>Bad gateway</h1><p>Try https://doi.org/10.5555/w1 later.</p></body></html>
"""
ENDINGS = {"bibtex": ".bib", "ris": ".ris", "nbib": ".nbib", "wos": ".ciw", "csl": ".json", "list": ".txt"}


def refusal(content, **how):
    """The sentence with which a whole file is refused."""
    found = reading.read(content, **how)
    assert [*found.works, *found.wanted, *found.repeats] == []
    (problem,) = found.problems
    assert problem.position == 0
    return str(problem)


def taken(found):
    return [work.title for work in found.works] or [wanted.value for wanted in found.wanted]


@pytest.mark.parametrize("format", FORMATS)
def test_a_sound_file_is_known_by_its_content(format):
    found = reading.read(good(format).encode(), name="download")
    assert (found.format, found.count, found.problems, found.notes) == (format, 3, [], [])
    assert len(taken(found)) == 3


@pytest.mark.parametrize("format", FORMATS)
def test_the_largest_file_is_read_and_one_byte_more_is_not(format):
    content = good(format).encode()
    filling = b" " if format == "csl" else b"#"
    line = filling * 9_999 + b"\n"
    content += line * ((LARGEST_FILE - len(content)) // len(line))
    content += filling * (LARGEST_FILE - len(content))
    assert len(content) == LARGEST_FILE
    assert len(taken(reading.read(content))) == 3
    said = "The file has 20.1 MB; at most 20 MB are read at once. Nothing was taken from it."
    assert refusal(content + b" ") == said
    assert refusal(content.decode() + " ") == said


@pytest.mark.parametrize("format", FORMATS)
def test_too_many_entries_are_refused_with_both_figures(format):
    content = file_of(format, [entry(format, n) for n in range(50_000)])
    said = "The file has 50000 entries; at most 20000 are read at once. Nothing was taken from it."
    assert refusal(content) == said


@pytest.mark.parametrize("format", FORMATS)
def test_one_broken_entry_among_good_ones_is_named_and_the_others_are_read(format):
    found = reading.read(file_of(format, [entry(format, 1), BROKEN[format], entry(format, 3)]))
    assert (len(taken(found)), found.count) == (2, 3)
    (problem,) = found.problems
    assert problem.position == 2
    said = "holds no DOI" if format == "list" else "A work needs a title."
    assert said in str(problem)


@pytest.mark.parametrize(
    ("format", "known", "unknown"),
    [
        ("bibtex", "@article", "@hologram"),
        ("ris", "TY  - JOUR", "TY  - HOLO"),
        ("nbib", "PT  - Journal Article", "PT  - Hologram"),
        ("wos", "PT J", "PT X"),
        ("csl", "article-journal", "hologram"),
    ],
)
def test_an_unknown_type_stops_nothing(format, known, unknown):
    content = good(format)
    assert known in content
    found = reading.read(content.replace(known, unknown))
    assert not found.problems
    assert taken(found) == taken(reading.read(content))
    assert found.works[0].container.casefold() == "heart notes"


@pytest.mark.parametrize("format", FORMATS)
def test_mixed_line_ends_are_all_the_same(format):
    lines = good(format).split("\n")
    mixed = "".join(line + ("\n", "\r\n", "\r")[at % 3] for at, line in enumerate(lines))
    expected = reading.read(good(format))
    found = reading.read(mixed.encode())
    assert (found.works, found.wanted, found.problems) == (expected.works, expected.wanted, [])


@pytest.mark.parametrize("format", DESCRIBED)
def test_latin_1_is_read_with_a_note(format):
    content = file_of(format, [entry(format, 1), entry(format, 2, title="Größe", author="Müller")])
    if format == "csl":
        assert "not UTF-8 text" in refusal(content.encode("latin-1"))
        return
    found = reading.read(content.encode("latin-1"))
    assert (found.works[1].title, found.works[1].authors[0]["family"]) == ("Größe", "Müller")
    (note,) = found.notes
    assert re.match(r"The file is not UTF-8 throughout: line \d+ was read as Windows-1252\.", note)


@pytest.mark.parametrize("format", DESCRIBED)
def test_a_file_of_two_encodings_keeps_both_sound(format):
    if format == "csl":
        pytest.skip("JSON has one encoding.")
    one, other = entry(format, 1, title="Größe"), entry(format, 2, title="Señal")
    found = reading.read(file_of(format, [one]).encode() + file_of(format, [other]).encode("latin-1"))
    assert taken(found) == ["Größe", "Señal"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b""])
def test_utf_8_and_16_are_known_by_their_mark_or_their_bytes(format, mark):
    content = file_of(format, [entry(format, 1, title="Größe 中文 📚", author="Müller")])
    encodings = {
        codecs.BOM_UTF8: ["utf-8"], codecs.BOM_UTF16_LE: ["utf-16-le"], codecs.BOM_UTF16_BE: ["utf-16-be"],
        b"": ["utf-8", "utf-16-le", "utf-16-be"],
    }  # fmt: skip
    for encoding in encodings[mark]:
        found = reading.read(mark + content.encode(encoding))
        assert (found.format, found.problems, found.notes) == (format, [], [])
        assert taken(found) == (["10.5555/w1"] if format == "list" else ["Größe 中文 📚"])


@pytest.mark.parametrize("format", DESCRIBED)
def test_the_same_entry_twice_is_one_work(format):
    found = reading.read(file_of(format, [entry(format, 1), entry(format, 2), entry(format, 1)]))
    assert (len(found.works), found.problems) == (2, [])
    assert [(repeat.position, repeat.earlier) for repeat in found.repeats] == [(3, 1)]


@pytest.mark.parametrize("format", DESCRIBED)
def test_another_work_under_an_id_that_came_before(format):
    """Where ids are keys that texts cite, it is a problem; where they are numbers in a list, a work without a key."""
    found = reading.read(file_of(format, [entry(format, 1), entry(format, 1, title="Quite another")]))
    if format in {"bibtex", "csl"}:
        assert [str(problem) for problem in found.problems] == [
            "Entry 2 (w1): Entry 1 has the same id, for “Volume 1 of many”."
        ]
    else:
        assert taken(found) == ["Volume 1 of many", "Quite another"]
        assert found.works[1].key == ""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("content", [b"", b" \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF8 + b"\n"])
def test_an_empty_file(format, content):
    assert refusal(content, name="export" + ENDINGS[format]) == "The file is empty."
    assert refusal(content, format=format) == "The file is empty."


STRANGERS = {
    "a web page": (HTML, "This is a web page, perhaps an error of the site"),
    "a web page with its XML": (f'<?xml version="1.0"?>\n<!-- x --><!-- y -->\n{HTML}', "This is a web page"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n10.5555/w1", "This is a PDF."),
    "a Word file": (b"PK\x03\x04\x14\x00\x06\x00 doi:10.5555/w1", "This is a packed file"),
    "a packed file": (b"\x1f\x8b\x08\x00\x00", "This is a packed file"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "older office program"),
    "RTF": (r"{\rtf1\ansi 10.5555/w1}", "a word processor (RTF)"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "This is no text, or it is damaged."),
    "bytes": (bytes(range(256)) * 20, "This is no text, or it is damaged."),
    "EndNote's XML": ("<?xml version='1.0'?><xml><records><record>10.5555/w1</record></records></xml>", "This is XML."),
    "PubMed's XML": ("<PubmedArticleSet>\n<PubmedArticle><PMID>1</PMID></PubmedArticle>", "This is XML."),
    "EndNote's tags": ("%0 Journal Article\n%A Doe, J\n%T A title\n%R 10.5555/w1\n", "EndNote's own tagged format"),
    "RefWorks' tags": ("RT Journal Article\nSR Electronic\nDO 10.5555/w1\n", "RefWorks' own tagged format"),
    "a table of Web of Science": ("PT\tAU\tTI\tDI\nJ\tDoe, J\tA title\t10.5555/w1\n", "a table of Web of Science"),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_what_is_no_bibliography_is_told_as_what_it_is(what):
    content, said = STRANGERS[what]
    for ending in ENDINGS.values():
        sentence = refusal(content, name="export" + ending)
        assert said in sentence
        assert sentence.endswith("Export the references as RIS, BibTeX or CSL-JSON.")
    for format in FORMATS:
        assert said in refusal(content, format=format)


@pytest.mark.parametrize("content", ["Dear all,\nplease read this.\n", "1. Doe J. A title. Heart Notes. 2020.\n"])
def test_prose_is_none_of_the_formats(content):
    assert refusal(content).startswith("This is none of the formats read here: BibTeX or BibLaTeX, RIS, PubMed (NBIB)")


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_cut_off_in_the_middle_gives_what_is_whole(format):
    content = good(format)
    found = reading.read(content[: content.rindex("10.5555/w3") + 4])
    if format == "csl":
        assert "The file is not JSON" in str(found.problems[0])
    else:
        assert len(taken(found)) >= 2


@pytest.mark.parametrize("other", FORMATS)
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_read_as_another_format_is_sentences_and_no_works(format, other):
    if format == other or "list" in (format, other):
        pytest.skip("A list can hold anything.")
    found = reading.read(good(format), format=other)
    assert not found.works
    assert all("error in this program" not in str(problem) for problem in found.problems)
