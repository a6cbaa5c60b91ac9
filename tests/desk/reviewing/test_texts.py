"""The distinct texts of an edition and the marks on what differs, from finished HTML."""

from __future__ import annotations

from articles.audiences import AUDIENCES
from articles.editions import Frozen
from desk.reviewing.texts import texts_of, top_level_blocks

EVERYBODY = ["general", *(audience.slug for audience in AUDIENCES)]


def _frozen(*texts: tuple[str, list[str]], has_plain: bool = True) -> Frozen:
    named = {slug for _html, slugs in texts[1:] for slug in slugs}
    of = {slug: number for number, (_html, slugs) in enumerate(texts) for slug in slugs}
    of |= {slug: 0 for slug in EVERYBODY if slug not in named}
    return Frozen(
        source={},
        frozen={"texts": [{"html": html, "words": 3} for html, _ in texts], "text_of": of, "has_plain": has_plain},
        digest="",
    )


def test_blocks_are_cut_between_outermost_elements_and_nothing_is_lost():
    html = (
        '<h2 id="s-a">A</h2>\n<p>x<br>y</p>\n<ul>\n<li>a<ul><li>b</li></ul></li>\n</ul>\n<hr>\n<p title="a > b">c</p>'
    )
    blocks = top_level_blocks(html)
    assert [block[:3] for block in blocks] == ["<h2", "<p>", "<ul", "<hr", "<p "]
    assert "\n".join(blocks) == html


def test_one_text_for_all_has_no_marks():
    (text,) = texts_of(_frozen(("<p>a</p>\n<p>b</p>", [])))
    assert text.name == "Text for every reader"
    assert [(passage.html, passage.who) for passage in text.passages] == [("<p>a</p>\n<p>b</p>", "")]
    assert not text.differs


def test_says_who_alone_gets_a_passage_and_who_does_not_in_the_shorter_way():
    general, plain = texts_of(
        _frozen(("<p>both</p>\n<p>hard</p>", []), ("<p>both</p>\n<p>easy</p>\n<p>too</p>", ["patient", "other"]))
    )
    assert (general.name, plain.name) == ("General text", "Plain text")
    assert [passage.who for passage in general.passages] == ["", "Not for patients and families and other readers"]
    assert [(passage.html, passage.who) for passage in plain.passages] == [
        ("<p>both</p>", ""),
        ("<p>easy</p>\n<p>too</p>", "Only for patients and families and other readers"),
    ]


def test_the_same_words_under_other_numbers_are_the_same_passage():
    first = '<p>both <a class="cite" href="#ref-1" id="cite-1-1">1</a></p>'
    second = '<p>easy</p>\n<p>both <a class="cite" href="#ref-1" id="cite-1-2">1</a></p>'
    general, plain = texts_of(_frozen((first, []), (second, ["patient"])))
    assert not general.differs
    assert [passage.who for passage in plain.passages] == ["Only for patients and families", ""]


def test_another_number_of_a_work_is_another_passage():
    general, plain = texts_of(
        _frozen(('<p>x<a href="#ref-1">1</a></p>', []), ('<p>x<a href="#ref-2">2</a></p>', ["patient"]))
    )
    assert general.differs
    assert plain.differs


def test_a_copy_with_terms_explained_is_named_as_what_it_is():
    explained = ('<p>AF <span class="gloss">(an uneven pulse)</span></p>', ["patient", "other"])
    general, copy = texts_of(_frozen(("<p>AF</p>", []), explained, has_plain=False))
    assert (general.name, copy.name) == ("General text", "General text with terms explained")
    assert [passage.who for passage in copy.passages] == ["Only for patients and families and other readers"]
