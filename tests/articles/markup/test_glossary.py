"""Terms in texts: what is a mention, and where the first one is explained."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup.glossary import (
    Matcher,
    Term,
    Use,
    explain,
    first_words,
    folded,
    is_abbreviation,
    normal,
    plural,
)

TERMS = (
    Term(1, 1, "hypertension", "high blood pressure", ("HTN", "arterial hypertension")),
    Term(2, 3, "atrial fibrillation", "an irregular heartbeat", ("AF",)),
    Term(3, 1, "fibrillation", "quivering of the heart", ()),
    Term(4, 1, "COPD", "lung damage that makes breathing hard", ("chronic obstructive pulmonary disease",)),
    Term(5, 1, "low-density lipoprotein", "the <bad> kind of cholesterol", ("LDL", "HbA1c")),
    Term(6, 1, "Ménière’s disease", "an illness of the inner ear", ()),
    Term(7, 1, "biopsy", "a small sample taken from the body", ()),
)
MATCHER = Matcher(TERMS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hypertension is common.", ["Hypertension"]),
        ("HYPERTENSION", ["HYPERTENSION"]),
        ("arterial hypertension", ["arterial hypertension"]),
        ("atrial fibrillation, fibrillation", ["atrial fibrillation", "fibrillation"]),
        ("atrial\n  fibrillation", ["atrial\n  fibrillation"]),
        ("atrial-fibrillation", ["atrial-fibrillation"]),
        ("AF and af and Af", ["AF"]),
        ("copd COPD", ["COPD"]),
        ("Low density lipoproteins", ["Low density lipoproteins"]),
        ("HBA1C, hba1c, HbA1c", ["HbA1c"]),
        ("Meniere's disease", ["Meniere's disease"]),
        ("two biopsies, a biopsy", ["biopsies", "biopsy"]),
        ("prehypertension, hypertensional", []),
        ("anti-hypertension", []),
        ("hypertension-related, hypertension/stroke", []),
        ("www.hypertension.org and @hypertension", []),
        ("hypertension's cause", []),
        ("See hypertension. Then AF; (COPD)", ["hypertension", "AF", "COPD"]),
        ("atrial, fibrillation", ["fibrillation"]),
        ("", []),
    ],
)
def test_mentions(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in MATCHER.find(text)] == found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hypertension is common. Hypertension.</p>", "<p>Hypertension{1} is common. Hypertension.</p>"),
        # Twice in one text is once; headings, links, code and citations are left alone.
        ("<h2>Hypertension</h2>\n<p>Hypertension.</p>", "<h2>Hypertension</h2>\n<p>Hypertension{1}.</p>"),
        (
            '<p><a href="x">hypertension</a> <code>hypertension</code> hypertension</p>',
            '<p><a href="x">hypertension</a> <code>hypertension</code> hypertension{1}</p>',
        ),
        ("<pre><code>AF</code></pre>\n<p>AF</p>", "<pre><code>AF</code></pre>\n<p>AF{2}</p>"),
        ("<table><tr><th>AF</th></tr><tr><td>AF</td></tr></table>",) * 1
        + ("<table><tr><th>AF</th></tr><tr><td>AF{2}</td></tr></table>",),
        (
            '<p>In AF<sup class="cites"><a class="cite">1</a></sup> x</p>',
            '<p>In AF{2}<sup class="cites"><a class="cite">1</a></sup> x</p>',
        ),
        # The explanation stands behind the emphasis, not in it.
        ("<p><strong>atrial fibrillation</strong>.</p>", "<p><strong>atrial fibrillation</strong>{2}.</p>"),
        ("<p><em>AF is</em></p>", "<p><em>AF{2} is</em></p>"),
        ("<p>atrial <em>fibrillation</em>.</p>", "<p>atrial <em>fibrillation</em>{2}.</p>"),
        # Explained by its author.
        ("<p>AF (an uneven pulse) and AF</p>", "<p>AF (an uneven pulse) and AF</p>"),
        ("<p><em>AF</em> (an uneven pulse)</p>", "<p><em>AF</em> (an uneven pulse)</p>"),
        ("<p>High blood pressure (hypertension)</p>", "<p>High blood pressure (hypertension)</p>"),
        ("<p>Hypertension, or high blood pressure, is</p>", "<p>Hypertension, or high blood pressure, is</p>"),
        ("<p>HTN (140/90)</p>", "<p>HTN{1} (140/90)</p>"),
        # Brackets that say something else explain nothing; those in words of the author's own do.
        ("<p>HTN (in adults)</p>", "<p>HTN{1} (in adults)</p>"),
        ("<p>HTN (see below)</p>", "<p>HTN{1} (see below)</p>"),
        ("<p>HTN (12 of 30 people)</p>", "<p>HTN{1} (12 of 30 people)</p>"),
        ("<p>HTN (n = 30, adults)</p>", "<p>HTN{1} (n = 30, adults)</p>"),
        ("<p>HTN (raised pressure in the vessels)</p>", "<p>HTN (raised pressure in the vessels)</p>"),
        ("<p>HTN (forceful flow)</p>", "<p>HTN (forceful flow)</p>"),
        # A spelling in brackets explains nothing, and stays with its term.
        ("<p>atrial fibrillation (AF) is</p>", "<p>atrial fibrillation (AF){2} is</p>"),
        ("<p>atrial fibrillation (AF) (uneven pulse)</p>", "<p>atrial fibrillation (AF) (uneven pulse)</p>"),
        # Entities are one character.
        ("<p>A &amp; B &lt; AF &amp; C</p>", "<p>A &amp; B &lt; AF{2} &amp; C</p>"),
        ("<p>LDL</p>", "<p>LDL{5}</p>"),
        ("<p>nothing here</p>", "<p>nothing here</p>"),
    ],
)
def test_explained(html: str, expected: str) -> None:
    words = {
        str(term.id): ' <span class="gloss">(' + term.plain.replace("<", "&lt;").replace(">", "&gt;") + ")</span>"
        for term in TERMS
    }
    assert explain(html, MATCHER)[0] == re.sub(r"\{(\d)\}", lambda match: words[match[1]], expected)


def test_what_became_of_each_term() -> None:
    html = "<h2>COPD</h2><p>AF (uneven pulse), hypertension; <code>HbA1c</code></p>"
    assert explain(html, MATCHER)[1] == (Use(1, "glossary"), Use(2, "author"), Use(4, "bare"), Use(5, "bare"))


def test_without_terms_nothing_is_touched() -> None:
    assert explain("<p>AF</p>", Matcher(())) == ("<p>AF</p>", ())


@pytest.mark.parametrize(
    ("spelling", "is_one"),
    [("COPD", True), ("HbA1c", True), ("DOACs", True), ("Crohn", False), ("C. difficile", False), ("type 2", False)],
)
def test_abbreviations(spelling: str, is_one: bool) -> None:
    assert is_abbreviation(spelling) is is_one


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("statin", "statins"),
        ("biopsy", "biopsies"),
        ("assay", "assays"),
        ("metastasis", "metastases"),
        ("box", "boxes"),
    ],
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many
    assert one in first_words(many)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Low-density", "low density"), ("Ménière’s", "meniere's"), ("e‑mail", "E-Mail"), ("a  b", "a b")],
)
def test_spellings_that_are_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert normal("AIDS") != normal("aids")


WORDS = st.sampled_from(
    ["AF", "hypertension", "copd", "COPD", "(", ")", "<em>", "</em>", "&amp;", "é", "ß", "x", " ", "\n"]
)


@given(st.lists(WORDS).map("".join))
def test_only_explanations_are_put_in(inside: str) -> None:
    html = f"<p>{inside}</p>"
    explained, uses = explain(html, MATCHER)
    assert re.sub(r' <span class="gloss">\([^()]*\)</span>', "", explained) == html
    assert explained.count('class="gloss"') == sum(use.how == "glossary" for use in uses)


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)
    list(MATCHER.find(text))
