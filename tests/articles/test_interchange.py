"""Reading and writing one file of the interchange format, and the folders that hold them."""

from __future__ import annotations

import datetime
import json
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import drafting, editions, freezing
from articles.interchange import heads
from articles.interchange.exporting import export
from articles.interchange.folders import Collection, PathRefused, collections_at
from articles.interchange.reading import LARGEST_FILE, Author, Draft, FileError, parse_article
from articles.interchange.rekeying import cited_among, under_keys
from articles.interchange.writing import write_article
from articles.markup.characters import normal
from articles.models import Article
from references.formats.csl import from_csl
from references.models import Reference

FULL = """---
id: heart-1
slug: which-drug
title: "Which drug: A or B?"
plain_title: Which medicine?
lang: en-GB
sample: yes
byline:
  - name: Alma Reyes
    credentials: MD, MPH
    orcid: https://orcid.org/0000-0002-1825-0097
    email: Alma@Example.org
  - Ben Board
searched: 2025-02-28
topics: [Cardiology, Stroke]
keywords: [no, 1.10, 2020-01-01, "null"]
bottom_line:
  heading: A
  lead: >-
    A is better
    than B [@a].
plain_bottom_line: {lead: Take A.}
---

## Why

Because [@a].
"""


def parse(text: str) -> Draft:
    return parse_article(text.encode())


def refusal(data: str | bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        parse_article(data.encode() if isinstance(data, str) else data)
    return caught.value


class TestReading:
    def test_every_key_of_the_head(self) -> None:
        assert parse(FULL) == Draft(
            question="Which drug: A or B?",
            plain_question="Which medicine?",
            heading="A",
            lead="A is better than B [@a].",
            plain_lead="Take A.",
            body="## Why\n\nBecause [@a].",
            keywords=("no", "1.10", "2020-01-01", "null"),
            topics=("Cardiology", "Stroke"),
            byline=(Author("Alma Reyes", "MD, MPH", "0000-0002-1825-0097", "alma@example.org"), Author("Ben Board")),
            searched_on=datetime.date(2025, 2, 28),
            language="en-GB",
            source_id="heart-1",
            slug="which-drug",
            is_sample=True,
        )

    def test_the_description_is_the_lead_where_there_is_no_bottom_line(self) -> None:
        assert parse("---\ntitle: Q?\ndescription: Yes.\n---\nT\n").lead == "Yes."
        assert parse("---\ntitle: Q?\ndescription: No.\nbottom_line: Yes.\n---\nT\n").lead == "Yes."

    def test_words_stay_words_whatever_yaml_would_make_of_them(self) -> None:
        draft = parse("---\ntitle: 2020-01-01\nkeywords: [on, 0x10, 1_000, ~]\n---\n")
        assert (draft.question, draft.keywords) == ("2020-01-01", ("on", "0x10", "1_000"))

    def test_an_unknown_key_is_noted_by_name(self) -> None:
        assert "author" in parse("---\ntitle: Q?\nauthor: X\n---\n").notes[0]

    def test_lines_point_into_the_file(self) -> None:
        draft = parse("---\ntitle: Q?\nlang: en\n---\n\n\nText\n")
        assert (draft.lines["lang"], draft.body_line) == (3, 7)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_tells_the_encoding(self, encoding: str) -> None:
        assert parse_article("---\r\ntitle: Übel?\r\n---\r\nA\rB".encode(encoding)) == Draft("Übel?", body="A\nB")

    @pytest.mark.parametrize(
        ("data", "line", "words"),
        [
            (b"", None, "empty"),
            (b" \n\t\n", None, "empty"),
            (b"Just text\n", 1, "no head"),
            (b"----\ntitle: Q?\n---\n", 1, "no head"),
            (b"---\ntitle: Q?\n", 1, "not closed"),
            (b"---\nlang: en\n---\n", 1, "no title"),
            (b"---\nlang: en\ntitle: ''\n---\n", 3, "no title"),
            (b"---\ntitle: a: b\n---\n", 2, "not YAML"),
            (b"---\ntitle: Q?\nkeywords: [a\n---\n", 4, "not YAML"),
            (b"---\ntitle: Q?\n\tlang: en\n---\n", 3, "not YAML"),
            (b"---\n- title\n---\n", 2, "key: value"),
            (b"---\ntitle: a\nlang: b\ntitle: c\n---\n", 4, "twice"),
            (b"---\na: &a [x]\nb: *a\n---\n", 2, "alias"),
            (b"---\ntitle: !!python/object/apply:os.system [x]\n---\n", 2, "tag"),
            (b"---\n? [a]\n: b\n---\n", 2, "word"),
            (b"---\ntitle: a\x01\n---\n", 2, "character"),
            (b"---\ntitle: [a, b]\n---\n", 2, "title must be a text"),
            (b"---\ntitle: Q?\nkeywords: {a: b}\n---\n", 3, "list"),
            (b"---\ntitle: Q?\nkeywords:\n- [a]\n---\n", 4, "text"),
            (b"---\ntitle: Q?\nbyline: Alma\n---\n", 3, "byline"),
            (b"---\ntitle: Q?\nbyline:\n- credentials: MD\n---\n", 4, "no name"),
            (b"---\ntitle: Q?\nbyline:\n- name: A\n  orcid: 1\n---\n", 5, "ORCID"),
            (b"---\ntitle: Q?\nbottom_line: {led: x}\n---\n", 3, "led"),
            (b"---\ntitle: Q?\nsearched: last week\n---\n", 3, "last week"),
            (b"---\ntitle: Q?\nsample: maybe\n---\n", 3, "true or false"),
            (b"---\ntitle: Q?\nlang: the English language\n---\n", 3, "12"),
            ("---\ntitle: Q?\n---\nna\u00efve".encode("latin-1"), 4, "EF"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", None, "binary"),
            (b"---\ntitle: Q?\n---\na\x00b", 4, "null"),
            ("---\ntitle: Q?\n---\n".encode("utf-16-le"), 1, "null"),
            (b"---\ntitle: Q?\n---\n" + b"x" * LARGEST_FILE, None, "MB"),
        ],
    )
    def test_what_cannot_be_read_is_named_with_its_line(self, data: bytes, line: int | None, words: str) -> None:
        error = refusal(data)
        assert error.line == line
        assert words in error.reason

    @pytest.mark.parametrize("text", ["a: " + "[" * 60_000, "- " * 30_000, "a: " + "{a: " * 10_000])
    def test_nesting_cannot_end_the_process(self, text: str) -> None:
        assert re.search("deep", refusal(f"---\n{text}\n---\n").reason)

    def test_a_head_has_a_largest_size(self) -> None:
        assert "at most" in refusal(f"---\ntitle: {'x' * heads.LARGEST_HEAD}\n---\n").reason

    def test_reading_does_not_need_libyaml(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(heads, "LOADER", heads.yaml.SafeLoader)
        assert parse(FULL).byline[1].name == "Ben Board"
        assert refusal("---\ntitle: a: b\n---\n").line == 2

    @given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n".encode()))
    def test_any_bytes_are_read_or_refused(self, data: bytes) -> None:
        with suppress(FileError):
            assert parse_article(data).question


TEXTS = st.text(max_size=120).map(lambda text: normal(text).strip())
LONG = st.lists(
    st.sampled_from(["word", "a-b", "'", '"', ": ", "#", "é", "  ", "\n", "\t", "- ", "> "]), max_size=80
).map(lambda words: normal(" ".join(words)).strip())
LINES = TEXTS | LONG
NAMES = LINES.filter(bool)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article with any content that drafting would store."""
    article = Article(
        pk=7,
        slug="a-slug",
        slug_is_set=True,
        question=draw(NAMES.filter(lambda text: bool(text.split()))),
        plain_question=draw(LINES),
        heading=draw(LINES),
        lead=draw(LINES),
        plain_heading=draw(LINES),
        plain_lead=draw(LINES),
        body=draw(LINES | st.text(max_size=300)),
        keywords=draw(st.lists(NAMES, max_size=3)),
        byline=[
            drafting.byline_entry(name=name, credentials=draw(TEXTS)) for name in draw(st.lists(NAMES, max_size=2))
        ],
        searched_on=draw(st.none() | st.dates()),
        language=draw(st.sampled_from(["en", "de", "no", "en-GB"])),
        is_sample=draw(st.booleans()),
    )
    drafting.normalise(article)
    return article


def digest_of(article: Article, topics: tuple[str, ...]) -> str:
    saved = article.pk
    article.pk = None
    source = freezing.source_of(article) | {"topics": sorted(topics)}
    article.pk = saved
    return editions.digest(editions.canonical(editions.SOURCE, 1, source))


class TestWriting:
    @settings(max_examples=150, deadline=None)
    @given(articles(), st.lists(NAMES, max_size=2, unique=True))
    def test_what_is_written_is_read_as_the_same_source(self, article: Article, topics: list[str]) -> None:
        draft = parse_article(write_article(article, topics=topics))
        read = Article(
            **{name: getattr(draft, name) for name in (*drafting.TEXT_FIELDS, "searched_on", "language", "is_sample")},
            keywords=list(draft.keywords),
            byline=[
                drafting.byline_entry(name=one.name, credentials=one.credentials, orcid=one.orcid)
                for one in draft.byline
            ],
        )
        drafting.normalise(read)

        assert digest_of(read, draft.topics) == digest_of(article, tuple(topics))
        assert (draft.slug, draft.is_sample) == ("a-slug", article.is_sample)
        assert draft.notes == ()

    def test_it_is_readable(self) -> None:
        article = Article(
            source_id="heart-1",
            question="Which drug: A or B?",
            slug="which-drug-a-or-b",
            heading="A",
            lead="A is better than B, as the largest of the trials of this question and the two before it found [@a].",
            body="## Why\n\nBecause.",
            byline=[drafting.byline_entry(name="Alma Reyes", credentials="MD")],
            searched_on=datetime.date(2025, 2, 28),
            keywords=["Übelkeit"],
        )
        assert write_article(article, topics=["Cardiology"]).decode() == (
            "---\n"
            "id: heart-1\n"
            "title: 'Which drug: A or B?'\n"
            "bottom_line:\n"
            "  heading: A\n"
            "  lead: >-\n"
            "    A is better than B, as the largest of the trials of this question and the two before it found [@a].\n"
            "byline:\n"
            "  - name: Alma Reyes\n"
            "    credentials: MD\n"
            "searched: 2025-02-28\n"
            "topics:\n"
            "  - Cardiology\n"
            "keywords:\n"
            "  - Übelkeit\n"
            "lang: en\n"
            "---\n"
            "\n"
            "## Why\n"
            "\n"
            "Because.\n"
        )


class TestKeys:
    def test_only_citations_count(self) -> None:
        draft = Draft(
            "Q?", lead="[@f]", body="[@b; -@{c d}, p. 3] `[@a]` @z <x@y.org> [@w](http://x)\n\n```\n[@e]\n```\n"
        )
        assert cited_among(draft, {"a", "b", "c d", "e", "f", "w", "y", "z"}) == {"b", "c d", "f"}

    def test_citations_follow_and_the_rest_stays(self) -> None:
        draft = Draft(
            "Q?", lead="[@f; @b]", plain_lead="[see @b, p. 3].", body="`[@b]` [@{b}; -@f] @b\n\n    [@b]\n\n[@b]"
        )
        changed = under_keys(draft, {"b": "odd key", "f": "b"})
        assert changed.lead == "[@b; @{odd key}]"
        assert changed.plain_lead == "[see @{odd key}, p. 3]."
        assert changed.body == "`[@b]` [@{odd key}; -@b] @b\n\n    [@b]\n\n[@{odd key}]"

    def test_a_text_that_cannot_be_laid_out_is_refused_rather_than_cite_another_work(self) -> None:
        with pytest.raises(FileError, match="laid out"):
            under_keys(Draft("Q?", body="[@b] " + "[" * 5000), {"b": "c"})


class TestFolders:
    def collection(self, tmp_path: Path) -> Collection:
        (tmp_path / "one" / "articles").mkdir(parents=True)
        return Collection(tmp_path / "one")

    def test_one_collection_or_several(self, tmp_path: Path) -> None:
        one = self.collection(tmp_path)
        assert collections_at(one.folder) == [one]
        assert collections_at(tmp_path) == [one]

    def test_paths_that_hold_none_are_refused_in_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "empty").mkdir()
        for path, words in (("missing", "no folder"), ("file", "is a file"), ("empty", "holds no folder articles/")):
            with pytest.raises(PathRefused, match=words):
                collections_at(tmp_path / path)

    def test_files_with_odd_names_are_articles_and_hidden_ones_are_not(self, tmp_path: Path) -> None:
        one = self.collection(tmp_path)
        for name in ("a b.md", "v1.2.md", "C.MD", ".x.md", "notes.txt"):
            (one.folder / "articles" / name).touch()
        assert [path.name for path in one.files()] == ["C.MD", "a b.md", "v1.2.md"]

    def test_a_link_that_leads_out_is_refused_and_one_inside_is_followed(self, tmp_path: Path) -> None:
        one = self.collection(tmp_path)
        (tmp_path / "secret").write_text("s")
        (one.folder / "text").write_text("t")
        (one.folder / "out").symlink_to(tmp_path / "secret")
        (one.folder / "in").symlink_to(one.folder / "text")
        (one.folder / "loop").symlink_to(one.folder / "loop")
        os.mkfifo(one.folder / "pipe")

        assert one.read(one.folder / "in", most=10) == b"t"
        for name, words in (("out", "out of the folder"), ("loop", "cannot be read"), ("pipe", "not a file")):
            with pytest.raises(FileError, match=words):
                one.read(one.folder / name, most=10)
        with pytest.raises(FileError, match="MB"):
            one.read(one.folder / "text", most=0)


class TestExporting:
    def test_a_folder_with_something_else_is_left_alone(self, tmp_path: Path, draft: Article) -> None:
        (tmp_path / "thesis.doc").write_text("mine")
        with pytest.raises(PathRefused, match="Nothing was written"):
            list(export(Article.objects.all(), tmp_path))
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]

    def test_more_authors_than_are_named_are_no_author(self, tmp_path: Path, draft: Article) -> None:
        Reference.objects.filter(key="alpha").update(authors=[{"family": "Reyes"}, {"literal": "et al."}])
        list(export(Article.objects.all(), tmp_path))

        alpha = json.loads((tmp_path / "references.json").read_text())[0]
        assert alpha["author"] == [{"family": "Reyes"}]
        assert from_csl(alpha).authors == [{"family": "Reyes"}, {"literal": "others"}]

    def test_an_earlier_export_is_replaced(self, tmp_path: Path, draft: Article) -> None:
        list(export(Article.objects.all(), tmp_path / "out"))
        (tmp_path / "out" / "articles" / "gone.md").touch()
        (file,) = export(Article.objects.all(), tmp_path / "out")

        assert list((tmp_path / "out" / "articles").iterdir()) == [file]
        assert re.search(rf"^id: article-{draft.pk}-\d{{8}}T\d{{6}}$", file.read_text(), re.M)
        assert "@" not in file.read_text().partition("byline:")[2].partition("lang:")[0]
        assert '"id": "alpha"' in (tmp_path / "out" / "references.json").read_text()
        assert "gamma" not in (tmp_path / "out" / "references.json").read_text()
