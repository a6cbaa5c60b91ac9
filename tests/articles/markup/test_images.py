"""Figures in a text: what authors write, what readers get, and what is refused with its line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.markup.images import markdown_of, possible_names
from articles.markup.render import render
from articles.markup.result import Picture, Rendering, RenderRequest, ShownImage, request_from_json, request_to_json

CHART = Picture("ab" * 32, "png", 800, 600)
PHOTO = Picture("cd" * 32, "jpg", 640, 480, credit="Ann Artist, CC BY 4.0")
KNOWN = {"a": "a", "b": "b"}


def laid_out(body: str, lead: str = "", **pictures: Picture) -> Rendering:
    images = pictures or {"chart": CHART, "photo": PHOTO}
    return render(RenderRequest(body, lead, known=KNOWN, images=images))


def html_of(body: str) -> str:
    rendering = laid_out(body)
    assert rendering.findings == ()
    return rendering.texts[0].html


def attributes(html: str) -> dict[str, str]:
    (tag,) = re.findall(r"<img [^>]*>", html)
    return dict(re.findall(r'([a-z]+)="([^"]*)"', tag))


def test_an_image_on_a_line_of_its_own_is_a_figure() -> None:
    html = html_of("Before.\n\n![A line that rises](image:chart)\n\nAfter.")
    assert re.sub(r"<img [^>]*>", "<img>", html) == "<p>Before.</p>\n<figure><img></figure>\n<p>After.</p>"
    assert attributes(html) == {
        "src": f"/images/{'ab' * 32}.png",
        "alt": "A line that rises",
        "width": "800",
        "height": "600",
        "loading": "lazy",
    }


@pytest.mark.parametrize(
    ("written", "caption"),
    [
        ('![x](image:chart "Risk by *age*")', "Risk by *age*"),
        ("![x](image:chart 'Risk')", "Risk"),
        ('![x](image:chart "5 < 6 & \\"so\\" on")', '5 &lt; 6 &amp; "so" on'),
        ('![x](image:chart "<b>x</b>")', "&lt;b&gt;x&lt;/b&gt;"),
        ("![x](image:photo)", '<span class="credit">Ann Artist, CC BY 4.0</span>'),
        ('![x](image:photo "Skin.")', 'Skin. <span class="credit">Ann Artist, CC BY 4.0</span>'),
        ('![x][one]\n\n[one]: image:chart "By reference"', "By reference"),
    ],
)
def test_caption_and_credit_stand_under_it(written: str, caption: str) -> None:
    assert f"<figcaption>{caption}</figcaption>" in html_of(written)


def test_a_caption_cites() -> None:
    rendering = laid_out('First [@b].\n\n![x](image:chart "Adapted from [@a; @b], all rights.")')
    assert rendering.findings == ()
    assert rendering.cited == ("b", "a")
    caption = re.search(r"<figcaption>(.*)</figcaption>", rendering.texts[0].html)
    assert caption
    assert re.sub(r"<a [^>]*>", "<a>", caption[1]) == (
        'Adapted from<sup class="cites"><a>2</a>, <a>1</a></sup>, all rights.'
    )
    assert 'href="#ref-2" id="cite-2-1"' in caption[1]
    assert rendering.texts[0].citations == {1: 2, 2: 1}
    assert rendering.images == (ShownImage("chart", "x", "Adapted from , all rights."),)


def test_an_unknown_work_in_a_caption_is_found() -> None:
    (finding,) = laid_out('One.\n\n![x](image:chart "By [@zz]")').findings
    assert (finding.code, finding.line) == ("unknown-citation", 3)


def test_several_images_in_a_row_are_figures_and_so_are_those_in_lists_and_quotes() -> None:
    html = html_of("![x](image:chart)\n![y](image:photo)\n\n- one\n\n  ![z](image:chart)\n\n> ![q](image:chart)")
    assert html.count("<figure><img ") == 4
    assert "<p><figure>" not in html
    assert re.search(r"<li>\s*<p>one</p>\s*<figure>", html)
    assert re.search(r"<blockquote>\s*<figure>", html)


def test_caption_and_credit_are_words_of_the_text_and_the_alternative_is_not() -> None:
    text = laid_out('One.\n\n![alternative](image:photo "Caption")\n\nTwo.').texts[0]
    assert text.plain == "One.\nCaption Ann Artist, CC BY 4.0\nTwo."


@pytest.mark.parametrize(
    ("written", "code", "line", "word"),
    [
        ("![x](image:other)", "unknown-image", 3, "other"),
        ("![](image:chart)", "image-without-alternative", 3, "chart"),
        ("![  ](image:chart)", "image-without-alternative", 3, "chart"),
        ("![x](https://example.org/i.png)", "image-elsewhere", 3, "example.org"),
        ("![x](//example.org/i.png)", "image-elsewhere", 3, "example.org"),
        ("![x](/images/" + "ab" * 32 + ".png)", "image-elsewhere", 3, "/images/"),
        ("![x](data:image/png;base64,AAAA)", "image-elsewhere", 3, "data:"),
        ("![x](image:../chart)", "image-elsewhere", 3, "image:"),
        ("![x](image:Chart)", "image-elsewhere", 3, "Chart"),
        ("![x](IMAGE:chart)", "image-elsewhere", 3, "IMAGE"),
        ("\nwords ![x](image:chart) words", "image-among-words", 4, "chart"),
        ("- item ![x](image:chart)", "image-among-words", 3, "chart"),
        ("## Title ![x](image:chart)", "image-among-words", 3, "chart"),
        ("[![x](image:chart)](https://example.org)", "image-among-words", 3, "chart"),
        ("| a |\n|---|\n| ![x](image:chart) |", "image-among-words", 5, "chart"),
        ("![see [@a]](image:chart)", "citation-in-alternative", 3, "alternative"),
    ],
)
def test_what_cannot_be_shown_blocks_with_its_line(written: str, code: str, line: int, word: str) -> None:
    rendering = laid_out(f"First [@b].\n\n{written}")
    found = [one for one in rendering.findings if one.code.endswith(("image", "images", "words", "elsewhere", "tive"))]
    assert [(one.code, one.line, one.blocks, one.field) for one in found] == [(code, line, True, "body")]
    assert word in found[0].message
    for html in re.findall(r"<img [^>]*>", rendering.texts[0].html):
        assert f'src="{CHART.address}"' in html


def test_the_second_use_of_a_name_has_a_line_of_its_own() -> None:
    found = laid_out("![x](image:chart)\n\n![](image:chart)\n\n![](image:chart)").findings
    assert [one.line for one in found] == [3, 5]


def test_a_bottom_line_has_no_image() -> None:
    rendering = laid_out("Text.", lead="![x](image:chart)")
    (finding,) = rendering.findings
    assert (finding.code, finding.field, finding.blocks) == ("image-among-words", "lead", True)
    assert "<img" not in rendering.lead
    assert "x" in rendering.lead


def test_in_code_it_is_code() -> None:
    html = html_of("`![x](image:chart)`\n\n```\n![y](image:none)\n```")
    assert "<code>![x](image:chart)</code>" in html
    assert "![y](image:none)\n</code></pre>" in html


def test_only_what_some_reader_sees_is_shown_each_use_once_in_its_order() -> None:
    body = (
        "::: plain\n![p](image:photo)\n:::\n\n::: professional\n![c](image:chart)\n:::\n\n"
        "![p](image:photo)\n\n![other](image:photo)\n"
    )
    assert [(one.name, one.alternative) for one in laid_out(body).images] == [
        ("photo", "p"),
        ("chart", "c"),
        ("photo", "other"),
    ]
    assert laid_out("![x](image:none)").images == ()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=60),
)
def test_what_insert_writes_is_read_back(alternative: str, caption: str) -> None:
    alternative, caption = " ".join(alternative.split()), " ".join(caption.split())
    if not alternative or "&" in alternative + caption or "[@" in caption:
        return
    written = markdown_of("chart", alternative, caption)
    rendering = laid_out(written)
    assert [(one.alternative, one.caption) for one in rendering.images] == [
        (re.sub(r"\s+", " ", normal(alternative)), normal(caption))
    ], written


def normal(text: str) -> str:
    from articles.markup.characters import clean

    return clean(text, "body")[0].strip()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("![x](image:a-b) ![y]( <image:c> 't') [z]: image:d9", {"a-b", "c", "d9"}),
        ("preimage:x http://image:80/ image: image:-x", set()),
        ("`![x](image:code)`", {"code"}),
        ("", set()),
    ],
)
def test_possible_names_are_found_before_parsing(text: str, names: set[str]) -> None:
    assert possible_names(text) == names


def test_the_request_survives_the_pipe() -> None:
    request = RenderRequest("b", "l", "p", {"a": "A"}, images={"photo": PHOTO})
    assert request_from_json(request_to_json(request)) == request
