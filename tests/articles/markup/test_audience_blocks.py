"""Which reader sees which block, and what is said of blocks that are written wrongly."""

import pytest

from articles.audiences import AUDIENCES
from articles.markup.render import render
from articles.markup.result import RenderRequest

EVERYONE = ["general", *(audience.slug for audience in AUDIENCES)]


def each(rest, **own):
    """What every reader sees: `rest`, but for the audiences named (an underscore for a hyphen)."""
    return {who: own.get(who.replace("-", "_"), rest) for who in EVERYONE}


def seen_by(body):
    rendering = render(RenderRequest(body))
    return rendering, {who: rendering.texts[index].plain.replace("\n", " ") for who, index in rendering.text_of.items()}


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("All", each("All")),
        ("::: plain\nP\n:::\n::: professional\nD\n:::\n\nAll", each("D All", patient="P All", other="P All")),
        ("::: patient\nP\n:::\nAll", each("All", patient="P All")),
        ("::: physician\nD\n:::\nAll", each("All", physician="D All")),
        ("::: {.physician .nurse}\nD\n:::\nAll", each("All", physician="D All", nurse="D All")),
        (
            "::: professional\nD\n:::\n\n\n::: nurse\nN\n:::\n::: plain\nP\n:::\n::: other\nO\n:::",
            each("D", nurse="N", patient="P", other="O"),
        ),
        # Text between them makes two places.
        (
            "::: professional\nD\n:::\n\nand\n\n::: nurse\nN\n:::",
            each("D and", nurse="D and N", patient="and", other="and"),
        ),
        # Two blocks for the same reader in one place are both seen.
        ("::: plain\nP\n:::\n::: plain\nQ\n:::\nAll", each("All", patient="P Q All", other="P Q All")),
        ("::::: {.np-pa}\nD\n:::\nAll", each("All", np_pa="D All")),
        ("::: student :::\nD\n::::\nAll", each("All", student="D All")),
    ],
)
def test_each_reader_sees_their_text(body, seen):
    rendering, texts = seen_by(body)
    assert texts == seen
    assert rendering.findings == ()
    assert rendering.text_of["general"] == 0


def test_equal_texts_are_one():
    rendering, _ = seen_by("::: patient\nSame\n:::\n::: professional\nSame\n:::\n::: other\nSame\n:::")
    assert len(rendering.texts) == 1


@pytest.mark.parametrize(
    ("body", "has_plain"),
    [
        ("All", False),
        ("::: plain\nP\n:::", True),
        ("::: {.nurse .other}\nP\n:::", True),
        ("::: professional\nD\n:::", False),
        ("::: plain\n\n:::", False),
    ],
)
def test_has_plain(body, has_plain):
    assert seen_by(body)[0].has_plain is has_plain


@pytest.mark.parametrize(
    ("body", "code", "line", "words"),
    [
        ("a\n\n::: patinet\nx\n:::", "unknown-audience", 3, "“patinet” on line 3 is not an audience"),
        ("::: {#id .nurse}\nx\n:::", "unknown-audience", 1, "“{#id}” on line 1"),
        ("::: {}\nx\n:::", "unnamed-block", 1, "on line 1 names no audience"),
        ("a\n::: patient\nx", "unclosed-block", 2, "The block opened on line 2 is not closed"),
        ("a\n:::\nb", "stray-fence", 2, "The ::: on line 2 closes a block, but none is open"),
        (
            "::: patient\na\n::: nurse\nb\n:::\n",
            "nested-block",
            3,
            "Line 3 opens a block inside the one opened on line 1",
        ),
        ("- a\n\n    ::: patient\n    b\n\n:::", "indented-block", 3, "Line 3 begins with spaces"),
        ("```\nx\n::: patient", "unclosed-code", 1, "The code block opened on line 1 is not closed"),
    ],
)
def test_a_wrong_block_forbids_submission_with_its_line(body, code, line, words):
    findings = seen_by(body)[0].findings
    assert findings[0].code == code
    assert findings[0].line == line
    assert words in findings[0].message
    assert findings[0].blocks is True


def test_a_block_that_nobody_sees_is_told():
    rendering, _ = seen_by("::: plain\nP [@p]\n:::\n::: {.patient .other}\nQ\n:::")
    assert [(finding.code, finding.line, finding.blocks) for finding in rendering.findings] == [
        ("unseen-block", 1, False)
    ]
    assert rendering.cited == ()


def test_fences_inside_code_are_text():
    rendering, texts = seen_by("```\n::: patient\n```\nAll")
    assert texts["general"] == "::: patient All"
    assert rendering.findings == ()


def test_lists_tables_and_headings_inside_blocks_and_split_by_them():
    rendering, _ = seen_by(
        "- a\n\n::: patient\n- p\n\n## Head\n\n| x | y |\n|---|---|\n| 1 | 2 |\n:::\n\n- b\n\n```\ncode\n```"
    )
    patient = rendering.texts[rendering.text_of["patient"]].html
    assert patient.count("<ul>") == patient.count("</ul>") == 2
    assert "<td>1</td>" in patient
    assert '<h2 id="s-head">Head</h2>' in patient
    assert "<pre><code>code\n</code></pre>" in patient
    assert rendering.texts[0].html.count("<li>") == 2
