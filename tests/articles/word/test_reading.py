"""What is read of a Word document: its title, its Markdown, its citations, and what is lost."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup.door import render
from articles.word import package, reading, taking
from articles.word.package import Unreadable
from tests import word_files
from tests.word_files import docx, item, paragraph, run, title_of, work, zotero


def text_of(*body: str, parts: dict[str, str] | None = None, keys: dict[int, str] | None = None) -> str:
    document = reading.read(docx(*body, parts=parts))
    return taking.text_of(document, {at: f"w{at + 1}" for at in range(len(document.items))} if keys is None else keys)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph(run("A heading"), style="Heading2") + paragraph(run("Text.")), "## A heading\n\nText.\n"),
        (paragraph(run("It "), run("helps", "<w:b/>"), run(" much", "<w:i/>")), "It **helps** *much*\n"),
        (item(run("One")) + item(run("Below"), level=1) + item(run("Two")), "- One\n  - Below\n- Two\n"),
        (item(run("First"), numbering=2) + item(run("Second"), numbering=2), "1. First\n2. Second\n"),
        (
            word_files.table([paragraph(run("Drug")), paragraph(run("A | B"))], [paragraph(run("x")), paragraph()]),
            "| Drug | A \\| B |\n| --- | --- |\n| x |  |\n",
        ),
        (
            paragraph(run("10"), run("9", word_files.RAISED), run("/L and m"), run("2", word_files.RAISED)),
            "10⁹/L and m²\n",
        ),
        (paragraph(run("# no heading * _no_ emphasis")), "\\# no heading \\* \\_no\\_ emphasis\n"),
        (paragraph(run("1. no list")), "1\\. no list\n"),
        (paragraph(run("snake_case stays")), "snake_case stays\n"),
    ],
)
def test_marks_of_word_become_markdown(body: str, expected: str):
    assert text_of(body) == expected


def test_what_is_written_is_laid_out_as_it_was_meant():
    written = "# not a heading, * no item, [no](link), `no code`, ::: patient, _no_, \\ and 5 < 6 & 7 > 3"
    rendering = render(body=text_of(paragraph(run(written)), paragraph(run("::: patient"))), known=None)
    assert rendering.texts[0].plain.split("\n")[0].strip().startswith(written[:60])
    assert rendering.findings == ()
    assert "::: patient" in rendering.texts[0].plain.replace(written, "")


@pytest.mark.parametrize("write", [word_files.zotero, word_files.mendeley, word_files.mendeley_cite])
def test_citations_keep_their_clusters_and_locators(write):
    first = work(1, locator="33-35", label="page", prefix="see ")
    second = work(2, locator="4", label="chapter", suffix=", for adults")
    body = paragraph(run("It helps"), write("1,2", first, second), run(" and"), write("2", work(2)), run("."))
    assert text_of(body) == "It helps [see @w1, pp. 33-35; @w2, chap. 4, for adults] and [@w2].\n"
    document = reading.read(docx(body))
    assert [one["title"] for one in document.items] == [title_of(n) for n in (1, 2)]


def test_a_key_in_need_of_braces_gets_them_and_an_unread_work_stays_as_printed():
    body = paragraph(run("A"), zotero("(7)", work(1)), run(" B"), zotero("(8)", work(2)))
    assert text_of(body, keys={0: "10.1/x y"}) == "A [@{10.1/x y}] B (8)\n"


def test_zoteros_bookmarks_are_read_whole_and_in_order():
    text = f"ZOTERO_ITEM CSL_CITATION {word_files.citation(work(1))}"
    pieces = [text[at : at + 100] for at in range(0, len(text), 100)]
    properties = "".join(
        f'<property name="ZOTERO_BREF_a_{at}"><lpwstr>{word_files.escape(piece)}</lpwstr></property>'
        for at, piece in reversed(list(enumerate(pieces, start=1)))
    )
    start, end = '<w:bookmarkStart w:id="5" w:name="ZOTERO_BREF_a"/>', '<w:bookmarkEnd w:id="5"/>'
    body = paragraph(run("It helps"), start, run("(", word_files.RAISED), run("1)"), end, run("."))
    assert text_of(body, parts={"docProps/custom.xml": f"<Properties>{properties}</Properties>"}) == "It helps [@w1].\n"


def test_a_field_within_a_field_and_one_over_two_paragraphs():
    inner = word_files.field(' HYPERLINK "#x" ', run("1"))
    citation = f" ADDIN ZOTERO_ITEM CSL_CITATION {word_files.citation(work(1))} "
    assert text_of(paragraph(run("It"), word_files.field(citation, inner), run("."))) == "It [@w1].\n"
    bibliography = word_files.field(
        ' ADDIN ZOTERO_BIBL {"u":[]} CSL_BIBLIOGRAPHY ', "</w:p><w:p>".join([run("1. A"), run("2. B")])
    )
    body = paragraph(run("Text.")), paragraph(run("References"), style="Heading1"), paragraph(bibliography)
    assert text_of(paragraph(run("Top"), style="Heading1"), *body) == "# Top\n\nText.\n"


def test_notes_that_only_cite_become_citations_and_others_stand_in_brackets():
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = paragraph(run("One"), reference.format(2), run(" two"), reference.format(3), run("."))
    parts = word_files.notes(
        "footnote", n2=paragraph(zotero("1", work(1)), run(".")), n3=paragraph(run("Adults only."))
    )
    assert text_of(body, parts=parts) == "One [@w1] two (Adults only).\n"
    assert reading.read(docx(body, parts=parts)).lost == {"note": 1}


def test_the_title_is_the_one_of_that_style_or_a_lone_first_heading():
    body = paragraph(run("Text."))
    titled = docx(paragraph(run("Does it help?"), style="Title"), paragraph(run("A"), style="Heading1"), body)
    assert reading.read(titled).title == "Does it help?"
    assert reading.read(docx(paragraph(run("Does it?"), style="Heading1"), body)).title == "Does it?"
    two = docx(paragraph(run("A"), style="Heading1"), body, paragraph(run("B"), style="Heading1"))
    assert (reading.read(two).title, "# A" in reading.read(two).markdown) == ("", True)


def test_what_cannot_be_kept_is_counted():
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>come</w:t></w:r></w:ins>"
    body = paragraph(
        run("Text "),
        "<w:r><w:drawing/></w:r>",
        deleted,
        word_files.field(" ADDIN EN.CITE ", run("(Smith 2019)")),
        zotero("(9)", {"id": 9}),
        word_files.field(" ADDIN ZOTERO_ITEM CSL_CITATION {broken ", run("(5)")),
    )
    document = reading.read(docx(body))
    assert document.lost == {
        "picture": 1,
        "tracked insertion": 1,
        "tracked deletion": 1,
        "endnote citation": 1,
        "unreadable citation": 2,
    }
    assert "gone" not in document.markdown
    assert "come" in document.markdown
    assert "(Smith 2019)" in document.markdown
    assert len(taking.lost_in_words(document.lost)) == 5


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It helps (1, 2).", ["(1, 2)"]),
        ("It helps [3–5] and [7].", ["[3–5]", "[7]"]),
        ("It helps (refs 1-3).", ["(refs 1-3)"]),
        ("It helps.¹,² More¹⁴", ["¹,²", "¹⁴"]),
        ("m², 10⁹/L, χ², R² and cm³", []),
        ("In 12 (24%) of 50 (CI 1.2 to 3.4), 5 mg (2 tablets)", []),
        ("[@alpha, pp. 3-5]", []),
    ],
)
def test_typed_citations_are_found(text: str, written: list[str]):
    assert [one for one, _around in reading.read(docx(paragraph(run(text)))).typed] == written


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"plain text", "This is not a Word document"),
        (b"\xd0\xcf\x11\xe0older", "an older Word file"),
        (b"{\\rtf1 text}", "Rich Text Format"),
        (b"%PDF-1.7", "a PDF file"),
        (docx("<w:p>")[:-30], "This is not a Word document"),
        (docx("<w:p>"), "not well-formed"),
        (
            docx(parts={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "declarations that Word does not",
        ),
        (
            docx(parts={"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "declarations that Word does not",
        ),
        (docx("<w:p>" * 3000 + "</w:p>" * 3000), "too deeply|could not be read"),
    ],
    ids=["empty", "text", "doc", "rtf", "pdf", "cut", "broken", "entity", "entity in styles", "deep"],
)
def test_what_is_no_word_document_is_refused_with_a_sentence(content: bytes, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        reading.read(content)


def test_sizes_are_bounded_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(package, "LARGEST_PART", 10_000)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        reading.read(docx(paragraph(run("a" * 20_000))))
    monkeypatch.undo()
    monkeypatch.setattr(reading, "LONGEST_TEXT", 10_000)
    with pytest.raises(Unreadable, match="has 20 kB of text; at most 10 kB"):
        reading.read(docx(paragraph(run("a" * 20_000))))
    monkeypatch.setattr(package, "LARGEST_ALL", 10_000)
    with pytest.raises(Unreadable, match="unpacks to more"):
        reading.read(docx(paragraph(run("a" * 20_000))))
    monkeypatch.setattr(package, "LARGEST_FILE", 100)
    with pytest.raises(Unreadable, match="at most 0 MB"):
        reading.read(docx(paragraph(run("a"))))


WHOLE = docx(
    paragraph(run("T"), style="Title"),
    paragraph(run("It helps"), zotero("1", work(1, locator="3")), run(".")),
    item(run("One")),
    word_files.table([paragraph(run("A"))], [paragraph(run("B"))]),
)


@given(st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, bytes]]):
    damaged = bytearray(WHOLE)
    for at, written in changes:
        damaged[at % len(damaged) : at % len(damaged) + len(written)] = written
    with contextlib.suppress(Unreadable):
        reading.read(bytes(damaged))


@given(st.text(min_size=1, max_size=300), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_words_around_a_work_break_its_cluster(title: str, prefix: str, locator: str, suffix: str):
    parts = {"word/document.xml": ""}
    body = paragraph(run("It helps"), "FIELD", run("."))
    around = {"prefix": prefix, "locator": locator, "suffix": suffix}
    try:
        field = zotero("1", work(1, **around), work(2))
    except UnicodeEncodeError:
        return
    parts["word/document.xml"] = (
        f"<w:document {word_files.SPACE}><w:body>{body.replace('FIELD', field)}</w:body></w:document>"
    )
    text = text_of(parts=parts)
    rendering = render(body=text, known=None)
    assert rendering.cited == ("w1", "w2")
    assert [finding for finding in rendering.findings if finding.blocks] == []


def test_a_typed_citation_comes_with_whole_words_around_it():
    before = " ".join(["before"] * 20)
    text = paragraph(run(f"{before} it helps (1, 2), as "), run("they all said", "<w:b/>"), run(" and went on saying"))
    ((written, around),) = reading.read(docx(paragraph(run("Above")), text)).typed
    assert written == "(1, 2)"
    assert around.startswith("before before")
    assert around.endswith("it helps (1, 2), as they all said and went on")


def test_a_work_named_by_its_address_alone_is_the_one_met_before_and_else_unresolved():
    first, second = work(1, locator=12), work(2)
    bare = {"uris": first["uris"], "locator": 13}
    unknown = {"uris": ["http://zotero.org/users/1/items/ELSEWHERE"]}
    body = paragraph(run("A"), zotero("1", first), run(" B"), zotero("1,2", bare, second), run(" C"))
    assert text_of(body) == "A [@w1, p. 12] B [@w1, p. 13; @w2] C\n"
    document = reading.read(docx(paragraph(run("A"), zotero("(1,9)", first, unknown))))
    assert taking.text_of(document, {0: "w1"}) == "A [@w1, p. 12]\n"
    assert [printed for printed, _words in taking.unresolved(document, {0: "w1"})] == ["(1,9)"]
    document = reading.read(docx(paragraph(run("A "), zotero("(9)", unknown))))
    assert document.lost == {"unreadable citation": 1}


def test_what_looks_like_the_definition_of_a_link_is_not_lost():
    rendering = render(body=text_of(paragraph(run("[1]: Smith")), paragraph(run("Text."))), known=None)
    assert "[1]: Smith" in rendering.texts[0].plain


BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (paragraph(BEGIN * 5000), "nests fields too deeply"),
        ("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000, "nests tables or lists too deeply"),
        ("<w:p/>" * 30_000, "more paragraphs"),
        (paragraph("<w:r/>" * 250_000), "more paragraphs"),
        (paragraph("<w:x/>" * 500_000), "more pieces"),
    ],
)
def test_what_would_keep_a_reader_busy_for_minutes_is_refused(body: str, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        reading.read(docx(body))


def test_an_instruction_in_very_many_pieces_is_put_together():
    letters = "".join(
        f"<w:instrText>{word_files.escape(one)}</w:instrText>"
        for one in f"ADDIN CSL_CITATION {word_files.citation(work(1))}"
    )
    ends = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("separate", "end")]
    assert text_of(paragraph(run("A"), BEGIN, f"<w:r>{letters}</w:r>", ends[0], run("1"), ends[1])) == "A [@w1]\n"


def test_parts_that_make_no_text_are_never_parsed():
    heavy = f"<a>{'<b/>' * 500_000}</a>"
    assert text_of(paragraph(run("Text")), parts={"word/comments.xml": heavy, "word/theme/x.xml": heavy}) == "Text\n"
    with pytest.raises(Unreadable, match="more pieces"):
        reading.read(docx(paragraph(run("Text")), parts={"word/styles.xml": heavy}))


def test_styles_that_are_made_of_each_other_end():
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:basedOn w:val="{other}"/></w:style>'
        for name, other in ("AB", "BA")
    )
    parts = {"word/styles.xml": f"<w:styles {word_files.SPACE}>{styles}</w:styles>"}
    assert text_of(paragraph(run("Text"), style="A"), parts=parts) == "Text\n"


def test_nothing_outside_the_file_is_asked_for():
    """A picture and a link that lead elsewhere, and a part that does not lie in the file."""
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    targets = {"hyperlink": "javascript:alert(1)", "image": "file:///etc/passwd", "styles": "https://example.org/s.xml"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{name}" Target="{target}" TargetMode="External"/>'
        for name, target in targets.items()
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {"word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>'}
    link = f'<w:hyperlink r:id="hyperlink" {space}>{run("Text")}</w:hyperlink>'
    assert text_of(f'<w:p>{link}</w:p><w:altChunk r:id="image" {space}/>', parts=parts) == "Text\n"


def test_a_note_that_is_empty_or_missing_leaves_nothing():
    reference = '<w:r><w:footnoteReference w:id="9"/></w:r>'
    body = paragraph(run("Text"), reference)
    assert text_of(body) == "Text\n"
    assert text_of(body, parts=word_files.notes("footnote", n9=paragraph(run("")))) == "Text\n"


def test_joined_cells_leave_every_figure_under_its_head():
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"

    rows = (
        [cell("Drug"), cell("Dose", '<w:gridSpan w:val="2"/>')],
        [cell("Alpha", '<w:vMerge w:val="restart"/>'), cell("1 mg"), cell("2 mg")],
        [cell("", "<w:vMerge/>"), cell("3 mg"), cell("4 mg")],
        [cell("Beta"), cell("5 mg")],
    )
    table = f"<w:tbl>{''.join(f'<w:tr>{chr(32).join(row)}</w:tr>' for row in rows)}</w:tbl>"
    assert text_of(table).splitlines() == [
        "| Drug | Dose |  |",
        "| --- | --- | --- |",
        "| Alpha | 1 mg | 2 mg |",
        "|  | 3 mg | 4 mg |",
        "| Beta | 5 mg |",
    ]


def test_lists_and_tables_within_a_cell_become_words_in_a_row():
    inner = word_files.table([paragraph(run("x")), paragraph(run("y | z"))])
    listed = item(run("a"), zotero("1", work(1))) + item(run("b", "<w:b/>"), level=1) + item(run("c"))
    table = word_files.table([paragraph(run("A")), paragraph(run("B"))], [listed, paragraph(run("See")) + inner])
    assert text_of(table).splitlines()[2] == r"| a [@w1]; **b**; c | See x; y \| z |"
