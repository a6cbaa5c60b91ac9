"""Blocks of signed HTML cut out and shown elsewhere: whole, in order, word for word, leading back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup import door
from articles.markup.plain import plain_text
from articles.quoting import blocks, holding, quoted

HTML = (
    "<p>First.</p>\n"
    '<h2 id="evidence">Evidence &amp; more</h2>\n'
    '<p>Two trials<sup class="cites"><a class="cite" href="#ref-2" id="cite-2-1" role="doc-noteref" '
    'aria-label="Reference 2">2</a></sup> agree:</p>\n'
    "<ul>\n<li>one &lt;5 mg\n<ul><li>inner</li></ul></li>\n<li>two</li>\n</ul>\n"
    '<div aria-label="Table 1" class="table-scroll" role="group" tabindex="0"><table><thead><tr><th>A</th></tr></thead>'
    "<tbody><tr><td>1</td></tr></tbody></table></div>\n"
    '<p>See <a href="#evidence">above</a> and <a href="https://example.org/#x">there</a><br>now.</p>'
)


def test_blocks_are_whole_and_stand_under_their_heading():
    found = blocks(HTML)
    assert [(one.anchor, one.heading) for one in found] == [("text", "")] + [("evidence", "Evidence & more")] * 4
    assert [one.text for one in found] == [
        "First.",
        "Two trials agree:",
        "one <5 mg\ninner\ntwo",
        "A\n1",
        "See above and there\nnow.",
    ]
    assert found[1].sources == (2,)
    assert found[2].html.startswith("<ul>")
    assert found[2].html.endswith("</ul>")


@pytest.mark.parametrize(
    ("passage", "anchor", "found"),
    [
        ("Two trials agree:\none <5 mg\ninner", "evidence", [1, 2]),
        ("two", "evidence", [2]),
        ("A\n1", "evidence", [3]),
        ("First.", "text", [0]),
        ("First.", "evidence", [0]),
        ("Second.", "evidence", []),
        ("Two trials agree:\nand a sentence that nobody signed", "evidence", []),
        ("Two trials", "evidence", [1]),
        ("wo trials", "evidence", []),
        ("two\nTwo trials agree:", "evidence", []),
        ("", "evidence", []),
    ],
)
def test_a_passage_is_found_where_its_very_words_stand(passage: str, anchor: str, found: list[int]):
    all_ = blocks(HTML)
    assert holding(passage, all_, anchor=anchor) == [all_[place] for place in found]


def test_what_is_quoted_holds_no_id_and_leads_back_to_its_page():
    html = quoted(HTML, "/answers/a/?for=patient")
    assert " id=" not in html
    assert 'href="/answers/a/?for=patient#ref-2"' in html
    assert 'href="/answers/a/?for=patient#evidence"' in html
    assert 'href="https://example.org/#x"' in html
    assert plain_text(html) == plain_text(HTML)


PARTS = [
    "## Head [x]",
    "One *word* [@alpha].",
    "- a\n- b\n\n  c",
    "| a | b |\n|---|---|\n| 1 | <2 |",
    "> said",
    "1. x",
    "`<b>`",
]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_no_word_is_lost_or_added_whatever_the_text(parts: list[str]):
    html = door.render(body="\n\n".join(parts), known=None).texts[0].html
    words = " ".join([*(one.text for one in blocks(html)), *["Head [x]"] * parts.count("## Head [x]")]).split()
    assert sorted(words) == sorted(plain_text(html).split())
