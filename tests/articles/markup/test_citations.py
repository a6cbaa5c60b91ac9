"""The grammar of citations, their numbers, and what is said of those that are wrong."""

import re

import pytest

from articles.markup.citations import possible_keys
from articles.markup.render import render
from articles.markup.result import CITE_MARK, RenderRequest


def rendered(body="", lead="", plain_lead="", known=None):
    return render(RenderRequest(body, lead, plain_lead, None if known is None else {key: key for key in known}))


def visible(html):
    return re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize(
    ("source", "keys", "words"),
    [
        ("A [@smith2020].", ("smith2020",), "A1."),
        ("A [@a; @b].", ("a", "b"), "A1, 2."),
        ("A [@a;@b].", ("a", "b"), "A1, 2."),
        ("A [@b, p. 3].", ("b",), "A1 p. 3."),
        ("A [see @a, pp. 33-35].", ("a",), "Asee 1 pp. 33-35."),
        ("A [see @a, p. 3; also @b].", ("a", "b"), "Asee 1 p. 3; also 2."),
        ("A [-@a].", ("a",), "A1."),
        ("A [@{odd key}].", ("odd key",), "A1."),
        ("A [@{a;b}; @c].", ("a;b", "c"), "A1, 2."),
        ("A [@{https://x.org/a_b*c}].", ("https://x.org/a_b*c",), "A1."),
        ("A [@doi:10.1000/x.y].", ("doi:10.1000/x.y",), "A1."),
        ("A [@a_b_c] _d_.", ("a_b_c",), "A1 d."),
        ("A [@a.].", ("a",), "A1 .."),
        ("A [@a, {p. 7}].", ("a",), "A1 p. 7."),
        ("A [@müller2020].", ("müller2020",), "A1."),
        ("A [@a] [@b].", ("a", "b"), "A1 2."),
        ("In 2019 [@a].", ("a",), "In 2019 1."),
        ("[@a]: a text, no link", ("a",), "1: a text, no link"),
        ("**Bold [@a]**", ("a",), "Bold1"),
        ("[see *Smith* @a]", ("a",), "see Smith 1"),
        # No citations:
        ("A [@a](https://x.org).", (), "A @a."),
        ("A [@a](note).", (), "A @a."),
        ("A @a.", (), "A @a."),
        ("Mail a@b.de or [a@b.de].", (), "Mail a@b.de or [a@b.de]."),
        ("A `[@a]`.", (), "A [@a]."),
        ("```\n[@a]\n```", (), "[@a]"),
        ("~~~\n[@a]\n~~~", (), "[@a]"),
        ("    [@a]", (), "[@a]"),
        (r"A \[@a].", (), "A [@a]."),
        (r"A [\@a].", (), "A [@a]."),
        ("A [ @ a ].", (), "A [ @ a ]."),
        ("A (1) and (2) … (4) [1].", (), "A (1) and (2) … (4) [1]."),
        ("<https://x.org/@user>", (), "https://x.org/@user"),
    ],
)
def test_the_grammar(source, keys, words):
    rendering = rendered(source)
    assert rendering.cited == keys
    assert visible(rendering.texts[0].html).strip() == words
    assert "\x0e" not in rendering.texts[0].html


def test_each_number_is_one_link_with_its_own_id():
    html = rendered("A [@a; @b]. B [@b; @a].").texts[0].html
    assert [match["number"] for match in CITE_MARK.finditer(html)] == ["1", "2", "2", "1"]
    assert [match["id"] for match in CITE_MARK.finditer(html)] == ["cite-1-1", "cite-2-1", "cite-2-2", "cite-1-2"]


def test_a_cluster_keeps_its_authors_order():
    html = rendered("[@a] and [@b] and [@c]. All [@c; @a; @b].").texts[0].html
    assert [match["number"] for match in CITE_MARK.finditer(html)][3:] == ["3", "1", "2"]


def test_works_are_numbered_by_lead_then_plain_lead_then_body():
    rendering = rendered(body="[@c] [@a]", lead="[@a]", plain_lead="[@b] [@a]")
    assert rendering.cited == ("a", "b", "c")
    assert 'id="cite-lead-1-1"' in rendering.lead
    assert 'id="cite-plain-2-1"' in rendering.plain_lead
    assert rendering.texts[0].citations == {1: 1, 3: 1}


def test_a_number_means_the_same_work_for_every_audience():
    rendering = rendered("::: patient\nX [@p]\n:::\n::: professional\nY [@d]\n:::\n\nZ [@z]")
    general = rendering.texts[rendering.text_of["general"]]
    patient = rendering.texts[rendering.text_of["patient"]]
    assert rendering.cited == ("p", "d", "z")
    assert general.citations == {2: 1, 3: 1}
    assert patient.citations == {1: 1, 3: 1}


def test_citations_count_how_often_each_number_is_cited():
    assert rendered("[@a] [@b; @a] [@a]").texts[0].citations == {1: 3, 2: 1}


def test_unknown_keys_are_named_with_their_lines_and_get_no_number():
    rendering = rendered("One [@a]\n\nTwo [@nix; @b]\n\n[@nix] and [@nix]", lead="[@nay]", known={"a", "b"})
    assert [
        (finding.code, finding.message, finding.line, finding.field, finding.blocks) for finding in rendering.findings
    ] == [
        ("unknown-citation", "“nay” on line 1 is not the key of any reference.", 1, "lead", True),
        ("unknown-citation", "“nix” on line 3 is not the key of any reference.", 3, "body", True),
        ("unknown-citation", "“nix” on line 5 is not the key of any reference.", 5, "body", True),
    ]
    assert rendering.cited == ("a", "b")
    assert '<span class="cite-unknown">[@nix?]</span>' in rendering.texts[0].html


@pytest.mark.parametrize(
    ("source", "code", "blocks"),
    [
        ("x\n\n[@a][@b]", "split-citation", True),
        ("x\n\n[@a @b]", "missing-semicolon", True),
        ("x\n\nAs @a says", "bare-key", False),
        ("x\n\n[@a; see p. 3]", "bare-key", False),
    ],
)
def test_what_looks_like_a_citation_and_is_none_is_told_with_its_line(source, code, blocks):
    findings = [finding for finding in rendered(source, known={"a", "b"}).findings if finding.code == code]
    assert findings
    assert findings[0].line == 3
    assert findings[0].blocks is blocks


def test_a_citation_inside_a_link_is_refused_without_nesting_links():
    rendering = rendered("[see [@a]](https://x.org)")
    assert [finding.code for finding in rendering.findings] == ["citation-in-link"]
    assert "x.org" not in rendering.texts[0].html
    assert rendering.cited == ("a",)


def test_a_key_with_markup_in_it_is_shown_as_text():
    html = rendered("[@{<b>&x}]", known=set()).texts[0].html
    assert "[@&lt;b&gt;&amp;x?]" in html


def test_possible_keys_hold_every_cited_key():
    source = "[see @a, p. 3; -@{odd key}] `@code` mail@x.org"
    assert possible_keys(source) == {"a", "odd key", "code"}
