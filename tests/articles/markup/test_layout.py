"""How lists, tables, headings, code and leads come out."""

import re

import pytest

from articles.markup.render import render
from articles.markup.result import Heading, RenderRequest


def text_of(body):
    return render(RenderRequest(body)).texts[0]


def tight(html):
    return re.sub(r">\s+|\s+<", lambda match: match[0].strip(), html)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("p\n- a\n- b", "<p>p</p><ul><li>a</li><li>b</li></ul>"),
        ("p\n1. a\n2. b", "<p>p</p><ol><li>a</li><li>b</li></ol>"),
        ("p\n2. a", "<p>p\n2. a</p>"),
        ("**Monitoring** of x:\n- a", "<p><strong>Monitoring</strong>of x:</p><ul><li>a</li></ul>"),
        (
            "- a\n  - b\n    - c\n  - d\n- e",
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>",
        ),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("- a\nlazy\n- b", "<ul><li>a\nlazy</li><li>b</li></ul>"),
        ("- a\n\npara", "<ul><li>a</li></ul><p>para</p>"),
        ("* * *\ntext", "<hr><p>text</p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("#1 cause", "<p>#1 cause</p>"),
        ("> quote", "<blockquote><p>quote</p></blockquote>"),
        ("Term\n: is this", "<dl><dt>Term</dt><dd>is this</dd></dl>"),
        (
            "1. s\n   ```\n   a\n     b\n   ```\n2. t",
            "<ol><li><p>s</p><pre><code>a\n  b</code></pre></li><li><p>t</p></li></ol>",
        ),
        ("````\n```\n````", "<pre><code>```</code></pre>"),
        ("a  \nb", "<p>a<br>b</p>"),
        (r"2 \* 3 \< 4", "<p>2 * 3 &lt; 4</p>"),
    ],
)
def test_blocks(source, expected):
    assert tight(text_of(source).html) == expected


def test_tables_are_aligned_by_class_and_can_scroll():
    html = tight(text_of("text\n| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | 3 |").html)
    assert '<th class="align-left" scope="col">a</th>' in html
    assert '<td class="align-right">2</td><td class="align-center">3</td>' in html
    assert 'role="group"' in html
    assert 'aria-label="Table 1"' in html
    assert "style" not in html
    assert html.startswith("<p>text</p><div")


@pytest.mark.parametrize(
    ("body", "headings"),
    [
        ("# A\n\n## B", ((2, "s-a", "A"), (3, "s-b", "B"))),
        ("## A\n\n### B", ((2, "s-a", "A"), (3, "s-b", "B"))),
        ("### A\n\n## B", ((3, "s-a", "A"), (2, "s-b", "B"))),
        ("## A\n\n###### B", ((2, "s-a", "A"), (4, "s-b", "B"))),
        ("## A\n\n## A\n\n## A 2", ((2, "s-a", "A"), (2, "s-a-2", "A"), (2, "s-a-2-2", "A 2"))),
        ("## *Über* das [@x]", ((2, "s-über-das", "Über das"),)),
        ("## ?", ((2, "s-section", "?"),)),
        ("Title\n=====\n\nSub\n---", ((2, "s-title", "Title"), (3, "s-sub", "Sub"))),
    ],
)
def test_headings_come_under_the_pages_own(body, headings):
    assert text_of(body).headings == tuple(Heading(*heading) for heading in headings)


def test_headings_keep_one_measure_for_all_audiences():
    rendering = render(RenderRequest("::: patient\n## P\n:::\n\n### All"))
    assert [heading.level for heading in rendering.texts[rendering.text_of["general"]].headings] == [3]


def test_a_lead_is_one_paragraph_whatever_its_signs():
    rendering = render(RenderRequest("", "- A *lead*\n\n# on\n| x | `<b>` [@a]"))
    assert rendering.lead.startswith("- A <em>lead</em> # on | x | <code>&lt;b&gt;</code><sup")


def test_plain_text_and_words():
    text = text_of("## Head\n\nOne *two* [@a].\n\n- three & four\n\n| a | b |\n|--|--|\n| c | d |")
    assert text.plain == "Head\nOne two.\nthree & four\na b\nc d"
    assert text.words == 10


def test_an_empty_body_is_one_empty_text():
    rendering = render(RenderRequest(" \n"))
    assert [text.html for text in rendering.texts] == [""]
    assert set(rendering.text_of.values()) == {0}
