"""Each limit has a sentence, with a line where there is one, and real texts are far below them."""

import pytest

from articles.markup import limits
from articles.markup.render import render
from articles.markup.result import RenderRequest


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("é" * 100_001, "too-large", None),
        ("a\n\n" + "[" * 401, "too-many-signs", 3),
        (("[" * 390 + "\n\n") * 11, "too-many-signs", None),
        ("- " * 500 + "a", "too-deep", 1),
        ("a\n\n" + ">" * 30 + "a", "too-deep", 3),
        ("- a\n" + " " * 80 + "- b", "too-deep", 2),
        ("|" * 100, "table-too-wide", 1),
        ("| a | b |\n|--|--|\n" + "| 1 | 2 | 3 | 4 |\n" * 1300, "table-too-large", None),
        ("a" * 40_001, "line-too-long", 1),
        ("a\n" * 10_000, "too-many-lines", None),
        ("- a\n" * 2_501, "too-many-items", None),
        ("x\n\n" + "a\n---\n" * 61, "too-many-rules", 3),
        (("a" * 30_000 + "\n") * 3, "paragraph-too-long", 1),
    ],
)
def test_what_is_too_much_is_refused_with_a_sentence(body, code, line):
    rendering = render(RenderRequest(body, "A lead"))
    assert [(finding.code, finding.line, finding.field, finding.blocks) for finding in rendering.findings] == [
        (code, line, "body", True)
    ]
    assert rendering.findings[0].message.endswith(".")
    assert [text.html for text in rendering.texts] == [""]
    assert rendering.text_of["patient"] == 0


def test_a_lead_has_its_own_limit():
    (finding,) = render(RenderRequest("x", plain_lead="a" * 2_001)).findings
    assert (finding.code, finding.field) == ("too-large", "plain_lead")


def test_a_result_can_be_too_large(monkeypatch):
    monkeypatch.setattr(limits, "RESULT", 50)
    (finding,) = render(RenderRequest("a\n\n" * 40)).findings
    assert finding.code == "result-too-large"


def test_a_rich_answer_is_within_the_limits():
    section = "## Part\n\n" + "Words of *some* weight (1) and [a link](https://x.org) [@a; @b, p. 3]. " * 20
    table = "\n\n| a | b | c |\n|---|--:|---|\n" + "| one | 2 [@c] | three |\n" * 12
    body = (section + table + "\n- item one\n  - nested [@d]\n\n") * 12
    assert 20_000 < len(body) < 40_000
    rendering = render(RenderRequest(body))
    assert rendering.findings == ()
    assert sum(rendering.texts[0].citations.values()) == 12 * (40 + 12 + 1)
