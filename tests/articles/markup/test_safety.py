"""What an author can't bring into a page, whatever they write."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.markup.render import render
from articles.markup.result import IMAGE_MARK, Picture, RenderRequest
from articles.markup.sanitise import SECOND_LOCK, TAGS, sanitise

VOID = {"br", "hr", "img"}
PICTURE = Picture("0a" * 32, "png", 800, 600, credit='By "us" <b> & [@a], CC BY')
PIECES = [
    "![", "![a](image:x)", '](image:x "', '")', "image:x", "\n\n![", 'alt "q"> <img src=y>', "(image:x)",
    "[", "]", "(", ")", "*", "**", "_", "`", "```\n", "<", ">", "&", "&#106;", "|", "\n", "\n\n", "    ", "- ", "1. ",
    "> ", "# ", "![", "](", "javascript:", "http://x.y", "@", "[@a]", "; @b", "@{", "}", "::: patient\n", ":::\n",
    "|-|-|\n", ": ", "<script>", "<svg onload=x>", "<!--", "-->", "\x00", "\x02", "\x0e0\x0f", "\u202e", "é", "\\",
    "~~~\n", "[a]: ", '"', "'", "=\n", "---\n", "a", "b c", "\ud800", "klzzwxh:0000", "wzxhzdk:0",
]  # fmt: skip


class Balanced(HTMLParser):
    """Fails on a tag, an attribute or a nesting that our own rendering doesn't make."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style"
            if name == "id":
                self.ids.append(value)
            if name == "href":
                assert re.match(r"https?://|mailto:|#", value, re.I)
            if name == "src":
                assert value == PICTURE.address

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        pytest.fail("a comment got through")

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html):
    parser = Balanced()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def html_of(body):
    return render(RenderRequest(body)).texts[0].html


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
def test_whatever_is_written_the_result_is_balanced_safe_and_stable(body, lead):
    rendering = render(RenderRequest(body, lead, known={"a": "a"}, images={"x": PICTURE}))
    assert "<img" not in rendering.lead
    for text in rendering.texts:
        check(rendering.lead + text.html)
        assert len(IMAGE_MARK.findall(text.html)) == text.html.count("<img") == text.html.count('src="/images/')
        assert SECOND_LOCK.clean(text.html).strip() == text.html
        assert sanitise(text.html) == text.html
        assert not re.search("[\x00-\x08\x0e-\x1f\u202e]", text.html + text.plain)


@pytest.mark.parametrize(
    "raw",
    [
        "<div>",
        "<script>alert(1)</script>",
        "<!-- c -->",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "<b>x</b>",
        "<br>",
        "<svg><a href='x'>y</a></svg>",
        "<a href='https://x.org'>x</a>",
        "<img src=x onerror=y>",
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}", "text {} text", "- {}", "| a | b |\n|---|---|\n| {} | x |", "> {}", "## {}", ": {}"]
)
def test_raw_html_is_shown(raw, frame):
    html = html_of(frame.format(raw))
    shown = raw.replace("<", "&lt;").replace(">", "&gt;")
    assert shown in html
    check(html)


@pytest.mark.parametrize(
    ("entity", "shown"), [("&lt;b&gt;", "&lt;b&gt;"), ("&amp;lt;", "&amp;lt;"), ("&eacute;", "é"), ("AT&T", "AT&amp;T")]
)
def test_entities_are_characters_and_never_markup(entity, shown):
    assert html_of(entity) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "javascript&colon;alert(1)",
        "&#x6A;avascript:x",
        "&Tab;javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.org",
        "/\\evil.org",
        "\\\\evil",
        "relative/page",
        "/desk/",
        "http:evil",
        "https:///evil",
        "ftp://x.org",
        "javascript:123",
        "mailto:",
        "#",
        "http://",
    ],
)
@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "[x][r]\n\n[r]: {}"])
def test_links_to_elsewhere_become_text_and_are_told(address, form):
    rendering = render(RenderRequest(form.format(address)))
    assert "<a" not in rendering.texts[0].html
    assert all(finding.code == "link-not-allowed" and not finding.blocks for finding in rendering.findings)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[x](https://x.org/a)", '<a href="https://x.org/a" rel="noopener">x</a>'),
        ('[x](http://x.org "T")', '<a href="http://x.org" title="T" rel="noopener">x</a>'),
        (
            "<https://x.org/?a=1&b=2>",
            '<a href="https://x.org/?a=1&amp;b=2" rel="noopener">https://x.org/?a=1&amp;b=2</a>',
        ),
        ("[x](https://x.org/?a=1&copy=2)", '<a href="https://x.org/?a=1&amp;copy=2" rel="noopener">x</a>'),
        ("<m@x.org>", '<a href="mailto:m@x.org" rel="noopener">m@x.org</a>'),
        ("[x](mailto:m@x.org)", '<a href="mailto:m@x.org" rel="noopener">x</a>'),
        ("[x](#s-part)", '<a href="#s-part">x</a>'),
        ("[x](https://x.org/@user)", '<a href="https://x.org/@user" rel="noopener">x</a>'),
        ("[x](https://x.org/a_(b))", '<a href="https://x.org/a_(b)" rel="noopener">x</a>'),
    ],
)
def test_links_that_may_stand(source, expected):
    html = html_of(source)
    attributes = re.compile(r'([\w-]+)="([^"]*)"')
    assert sorted(attributes.findall(html)) == sorted(attributes.findall(expected))
    assert re.sub(r"<a [^>]*>", "<a>", html) == f"<p>{re.sub(r'<a [^>]*>', '<a>', expected)}</p>"


def test_a_character_that_turns_the_writing_is_refused_with_its_line():
    rendering = render(RenderRequest("a\n5 \u202emg"))
    (finding,) = rendering.findings
    assert (finding.code, finding.line, finding.blocks) == ("turning-character", 2, True)
    assert "\u202e" not in rendering.texts[0].html


def test_text_is_in_normal_form_without_unseen_characters():
    assert html_of("e\u0301\u200b\ufeff\x07 a\u200db\r\nc\u2028d") == "<p>é a\u200db\nc d</p>"


@pytest.mark.parametrize(
    "payload",
    [
        "<svg><script>1</script></svg>",
        "<math><mi>x</mi></math>",
        '<a href="javascript:123">x</a>',
        '<p style="x" class="y">z</p>',
        '<a class="cite" href="//x">y</a>',
        '<span class="evil">z</span>',
        '<h2 id="main">x</h2>',
    ],
)
def test_the_locks_hold_alone_when_something_reaches_them(payload):
    for clean in (sanitise, SECOND_LOCK.clean):
        assert not re.search(
            r"<svg|<math|<script|javascript:|style=|class=.(?:y|evil)|//x|id=", clean(payload).replace("&lt;script", "")
        )
