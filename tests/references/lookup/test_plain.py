"""Marked-up titles and abstracts become plain text that says the same."""

from __future__ import annotations

import pytest

from references.lookup import plain


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("Effect of CO<sub>2</sub> on <i>E. coli</i>", "Effect of CO2 on E. coli"),
        ("10<sup>6</sup> cells per m<sup>2</sup>", "10⁶ cells per m²"),
        ("&lt;i&gt;BRCA1&lt;/i&gt; &amp;amp; more", "BRCA1 & more"),
        ("A &amp; B", "A & B"),
        ("When p<0.05 and a<b>c", "When p<0.05 and ac"),
        ("When p < 0.05 > 0.01", "When p < 0.05 > 0.01"),
        ("Text<!-- a remark --> goes\n      on", "Text goes on"),
        ("<jats:italic toggle=\"yes\">In vitro</jats:italic>", "In vitro"),
        ("<mml:math><mml:mi>β</mml:mi></mml:math>-blockers", "β-blockers"),
        ("", ""),
        ("<script>x</script>", "<script>x</script>"),
    ],
)  # fmt: skip
def test_lines(given: str, line: str):
    assert plain.line(given) == line


def test_abstract_keeps_its_sections():
    given = (
        "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title>\n        "
        "<jats:p>Tests are tried\n        at p&lt;0.05.</jats:p></jats:sec>"
        "<jats:sec><jats:title>Results:</jats:title><jats:p>They held.</jats:p></jats:sec>"
    )
    assert plain.paragraphs(given).split("\n") == [
        "Background: Tests are tried at p<0.05.",
        "Results: They held.",
    ]


def test_abstract_of_paragraphs_alone():
    assert plain.paragraphs("<jats:p>One.</jats:p><jats:p>Two.</jats:p>").split() == ["One.", "Two."]
    assert plain.paragraphs("No markup at all.") == "No markup at all."
