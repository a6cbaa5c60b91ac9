"""Importing collections: identity, works and keys, moves in somebody's name, and input that is broken."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError

from articles import editions, freezing
from articles.models import AnswerKind, Article, Edition, Image, Publication, Standing, Topic
from people.models import User
from references.models import Reference
from reviews import workflow
from reviews.importing import IMPORTER_EMAIL
from reviews.models import Review, State, Transition
from reviews.verifying import problems

SAMPLES = Path(__file__).resolve().parents[2] / "articles" / "sample"
WORKS = [
    {"id": "one", "type": "article-journal", "title": "The first trial", "DOI": "10.5555/one"},
    {"id": "two", "type": "article-journal", "title": "The second trial", "DOI": "10.5555/two"},
]


def head(**keys: Any) -> str:
    """A head, as JSON, which is YAML too."""
    return f"---\n{''.join(f'{key}: {json.dumps(value)}' + chr(10) for key, value in keys.items())}---\n"


def text(title: str = "Does it help?", body: str = "It does [@one].\n", **keys: Any) -> str:
    return head(title=title, description="It helps.", **keys) + body


@pytest.fixture
def heart(tmp_path: Path) -> Callable[..., Path]:
    """Write a collection named heart: `heart({"a": text()}, works=WORKS)`."""

    def write(files: dict[str, str | bytes], works: Any = WORKS) -> Path:
        folder = tmp_path / "heart"
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / "articles" / f"{name}.md"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if works is not None:
            (folder / "references.json").write_text(works if isinstance(works, str) else json.dumps(works))
        return folder

    return write


class Ran:
    """What a run printed and how it ended."""

    def __init__(self, path: Path, *args: str) -> None:
        out, err = StringIO(), StringIO()
        self.failure = ""
        try:
            call_command("import_articles", str(path), *args, stdout=out, stderr=err)
        except CommandError as error:
            self.failure = str(error)
        self.out, self.err = out.getvalue(), err.getvalue()

    def count(self, what: str) -> int:
        """The number before a word of the summary."""
        found = re.search(rf"(\d+) {what}", self.out)
        assert found, self.out
        return int(found[1])


@pytest.mark.usefixtures("db")
class TestDrafts:
    def test_everything_in_the_head_is_kept(self, heart: Callable[..., Path], author: User) -> None:
        byline = [{"name": "Ada Author", "credentials": "MD", "email": author.email.upper()}, {"name": "Guest"}]
        ran = Ran(
            heart(
                {
                    "a b.c": head(
                        title="Does it help?",
                        plain_title="Is it good?",
                        bottom_line={"heading": "Yes", "lead": "It does [@one]."},
                        plain_bottom_line={"heading": "Good", "lead": "It is."},
                        topics=["Cardiology"],
                        keywords=["Heart"],
                        byline=byline,
                        searched="2025-02-28",
                        lang="en-GB",
                        sample=True,
                    )
                    + "Text\n"
                }
            )
        )
        article = Article.objects.get()

        assert (ran.failure, ran.count("new"), ran.count("added")) == ("", 1, 2)
        assert article.source_id == "heart/a b.c"
        assert freezing.source_of(article) == {
            "question": "Does it help?",
            "plain_question": "Is it good?",
            "bottom_line": {"heading": "Yes", "lead": "It does [@one]."},
            "plain_bottom_line": {"heading": "Good", "lead": "It is."},
            "body": "Text",
            "topics": ["Cardiology"],
            "keywords": ["Heart"],
            "byline": [
                {"name": "Ada Author", "credentials": "MD", "orcid": ""},
                {"name": "Guest", "credentials": "", "orcid": ""},
            ],
            "searched_on": "2025-02-28",
            "language": "en-GB",
        }
        assert article.is_sample
        assert article.owner == author
        assert [entry["user"] for entry in article.byline] == [author.pk, None]
        assert not Edition.objects.exists()

    def test_the_importer_is_an_account_that_nobody_can_use(self, heart: Callable[..., Path]) -> None:
        Ran(heart({"a": text()}))
        account = User.objects.get(email=IMPORTER_EMAIL)

        assert Article.objects.get().contributors.get().user == account
        assert not account.is_active
        assert not account.has_usable_password()
        assert account.roles() == frozenset()

    def test_running_again_changes_nothing(self, heart: Callable[..., Path], author: User) -> None:
        folder = heart({"a": text(byline=[{"name": "Ada", "email": author.email}], topics=["A"]), "b": text("Why?")})
        Ran(folder)
        again = Ran(folder)

        assert (again.count("unchanged"), again.count("changed"), again.count("new")) == (2, 0, 0)
        assert set(Article.objects.values_list("version", flat=True)) == {1}
        assert Reference.objects.count() == 2

    def test_what_differs_becomes_a_new_version_even_of_another_question(self, heart: Callable[..., Path]) -> None:
        Ran(heart({"a": text()}))
        ran = Ran(heart({"a": text("Does it harm?", keywords=["K"])}))
        article = Article.objects.get()

        assert ran.count("changed") == 1
        assert (article.version, article.question, article.keywords) == (2, "Does it harm?", ["K"])

    def test_the_id_in_the_head_is_the_identity(self, heart: Callable[..., Path]) -> None:
        folder = heart({"a": text(id="x")})
        Ran(folder)
        (folder / "articles" / "a.md").rename(folder / "articles" / "b.md")

        assert Ran(folder).count("unchanged") == 1

    def test_a_name_keeps_its_account_without_the_address(self, heart: Callable[..., Path], author: User) -> None:
        Ran(heart({"a": text(byline=[{"name": "Ada", "email": author.email}])}))
        ran = Ran(heart({"a": text(byline=[{"name": "Ada"}])}))

        assert ran.count("unchanged") == 1
        assert Article.objects.get().byline[0]["user"] == author.pk

    def test_an_address_without_an_account_is_noted(self, heart: Callable[..., Path]) -> None:
        ran = Ran(heart({"a": text(byline=[{"name": "Ada", "email": "no@body.org"}])}))
        assert "no@body.org" in ran.out
        assert ran.failure == ""

    def test_the_same_question_twice_is_kept_twice_and_listed(self, heart: Callable[..., Path]) -> None:
        ran = Ran(heart({"a": text(), "b": text()}))

        assert sorted(Article.objects.values_list("slug", flat=True)) == ["does-it-help", "does-it-help-2"]
        assert "heart/b.md: Does it help? (its address is /answers/does-it-help-2/; the first is heart/a.md)" in ran.out

    def test_a_slug_of_the_head_is_set_and_numbered_where_it_is_taken(self, heart: Callable[..., Path]) -> None:
        folder = heart({"a": text(slug="same"), "b": text("Why?", slug="same")})
        ran = Ran(folder)

        assert sorted(Article.objects.values_list("slug", flat=True)) == ["same", "same-2"]
        assert "/answers/same-2/" in ran.out
        assert Ran(folder).count("unchanged") == 2

    def test_an_unknown_citation_stays_a_draft_with_its_line(self, heart: Callable[..., Path]) -> None:
        ran = Ran(heart({"a": text(body="\nOne.\n\nTwo [@nobody].\n")}))
        assert ran.failure == ""
        assert re.search(r"heart/a.md, line 8: .*nobody” on line 8", ran.out)

    def test_a_dry_run_says_the_same_and_changes_nothing(self, heart: Callable[..., Path]) -> None:
        folder = heart({"a": text(topics=["T"]), "b": text(), "c": text(body="[@nobody]"), "d": "broken"})
        dry = Ran(folder, "--dry-run")
        counts = [model.objects.count() for model in (Article, Reference, Topic, User, Transition)]
        real = Ran(folder)

        assert counts == [0, 0, 0, 0, 0]
        assert dry.out.removeprefix("Dry run, nothing was changed. ") == real.out
        assert dry.failure == real.failure != ""


@pytest.mark.usefixtures("db")
class TestWorks:
    def test_a_work_in_the_library_is_cited_under_its_key_there(self, heart: Callable[..., Path], works: list) -> None:
        alpha = {"id": "mine", "type": "article-journal", "title": "Alpha", "DOI": "https://doi.org/10.5555/ALPHA"}
        folder = heart({"a": text(body="Yes [@mine, p. 3; @one]. Not `[@mine]`.\n")}, [alpha, *WORKS])
        ran = Ran(folder)

        assert (ran.count("added"), ran.count("here already")) == (2, 1)
        assert Article.objects.get().body == "Yes [@alpha, p. 3; @one]. Not `[@mine]`."
        assert Ran(folder).count("unchanged") == 1

    def test_a_key_of_another_work_is_refused_with_both_named(self, heart: Callable[..., Path], works: list) -> None:
        other = {"id": "alpha", "type": "book", "title": "Alphabets", "issued": {"date-parts": [[1999]]}}
        folder = heart({"a": text(body="[@alpha]"), "b": text("Why?")}, [other, *WORKS])
        ran = Ran(folder)

        assert "The alpha trial" in ran.err
        assert "Alphabets" in ran.err
        assert "heart/a.md" in ran.err
        assert "2 left out" in ran.failure
        assert Article.objects.get().question == "Why?"

        renamed = Ran(folder, "--rename-keys")
        assert renamed.failure == ""
        assert "@alpha is @alphabets-1999-work here." in renamed.out
        assert Article.objects.get(source_id="heart/a").body == "[@alphabets-1999-work]"
        assert Ran(folder, "--rename-keys").count("unchanged") == 2

    def test_an_article_whose_key_stands_twice_is_left_out(self, heart: Callable[..., Path]) -> None:
        twice = {"id": "one", "type": "book", "title": "Another one"}
        ran = Ran(heart({"a": text(), "b": text("Why?", body="[@two]")}, [*WORKS, twice]))

        assert "same id" in ran.err
        assert "heart/a.md: It cites @one" in ran.err
        assert Article.objects.get().question == "Why?"

    def test_without_the_file_the_librarys_works_can_be_cited(self, heart: Callable[..., Path], works: list) -> None:
        ran = Ran(heart({"a": text(body="Yes [@beta]."), "b": text("Why?", body="Yes [@one].")}, None))
        assert ran.failure == ""
        assert "heart/a.md" not in ran.out
        assert re.search(r"heart/b.md, line 5: .*one", ran.out)

    @pytest.mark.parametrize("broken", ["[\n{]", "", '"text"', "[" * 100_000])
    def test_a_broken_file_keeps_out_what_cites_and_no_more(
        self, heart: Callable[..., Path], works: list, broken: str
    ) -> None:
        ran = Ran(heart({"a": text(body="[@beta]"), "b": text("Why?", body="Nothing.")}, broken))

        assert "heart/references.json" in ran.err
        assert "heart/a.md: It cites @beta" in ran.err
        assert "2 left out" in ran.failure
        assert Article.objects.get().question == "Why?"

    def test_a_link_to_a_file_elsewhere_is_not_read(self, heart: Callable[..., Path], tmp_path: Path) -> None:
        folder = heart({"b": text("Why?", body="Nothing.")}, None)
        (tmp_path / "secret.md").write_text(text("Secret?"))
        (tmp_path / "secret.json").write_text(json.dumps(WORKS))
        (folder / "articles" / "a.md").symlink_to(tmp_path / "secret.md")
        (folder / "references.json").symlink_to(tmp_path / "secret.json")
        ran = Ran(folder)

        assert ran.err.count("leads out of the folder") == 2
        assert Article.objects.get().question == "Why?"
        assert not Reference.objects.exists()


@pytest.mark.usefixtures("db")
class TestBrokenInput:
    def test_each_broken_file_is_named_and_the_rest_goes_on(self, heart: Callable[..., Path]) -> None:
        broken: dict[str, str | bytes] = {
            "no-head": "Text",
            "bad yaml": "---\ntitle: a: b\n---\n",
            "latin": text(body="\u00e9").encode("latin-1"),
            "large": b"x" * 5_000_000,
            "empty": b"",
            "binary": bytes(range(256)),
            "long": text("x" * 301),
            "body": text(body="x" * 200_001),
            "slug": text(slug="Not a slug!"),
            "same": text(id="heart/good"),
        }
        ran = Ran(heart({**broken, "good": text(), "utf16": text("Why?").encode("utf-16")}))

        assert {article.source_id for article in Article.objects.all()} == {"heart/good", "heart/utf16"}
        for name in broken:
            assert f"Left out: heart/{name}.md" in ran.err
        assert "heart/bad yaml.md, line 2" in ran.err
        assert "heart/slug.md, line 4" in ran.err
        assert f"{len(broken)} left out" in ran.failure

    def test_what_the_database_refuses_leaves_nothing_of_the_article(
        self, heart: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_args: object) -> None:
            raise DataError("too long")

        monkeypatch.setattr("articles.drafting._remember", refuse)
        ran = Ran(heart({"a": text()}))

        assert "too long" in ran.err
        assert not Article.objects.exists()

    def test_paths_and_accounts_are_refused_in_a_sentence(
        self, heart: Callable[..., Path], tmp_path: Path, author: User
    ) -> None:
        folder = heart({"a": text()})
        for path, args, words in (
            (tmp_path / "none", [], "no folder"),
            (folder / "references.json", [], "is a file"),
            (folder, ["--release"], "needs --submit"),
            (folder, ["--submit"], "needs --by"),
            (folder, ["--submit", "--by", "no@body.org"], "no account"),
            (folder, ["--submit", "--by", author.email], "not an active editor"),
        ):
            ran = Ran(path, *args)
            assert words in ran.failure
            assert not Article.objects.exists()


@pytest.mark.usefixtures("db")
class TestMoves:
    def release(self, folder: Path, by: User, *more: str) -> Ran:
        return Ran(folder, "--submit", "--release", "--by", by.email, *more)

    def test_a_release_takes_the_usual_moves_and_is_never_an_approval(
        self, heart: Callable[..., Path], editor: User
    ) -> None:
        ran = self.release(heart({"a": text()}), editor)
        rows = list(Transition.objects.order_by("number"))

        assert (ran.count("submitted"), ran.count("released")) == (1, 1)
        assert [(row.move, row.by, row.via) for row in rows] == [
            ("submit", editor, "import"),
            ("release-with-caution", editor, "import"),
        ]
        assert Publication.objects.get().standing == Standing.CAUTION
        assert not Review.objects.filter(state=State.APPROVED).exists()
        assert list(problems()) == []

    def test_a_superuser_may_be_the_one(self, heart: Callable[..., Path], person: Callable[..., User]) -> None:
        root = person("Root", is_superuser=True)
        assert self.release(heart({"a": text()}), root).count("released") == 1

    def test_running_again_makes_no_move(self, heart: Callable[..., Path], editor: User) -> None:
        folder = heart({"a": text()})
        self.release(folder, editor)
        again = self.release(folder, editor)

        assert (again.count("unchanged"), again.count("submitted"), again.count("released")) == (1, 0, 0)
        assert Transition.objects.count() == 2

    def test_drafts_of_an_earlier_import_are_submitted_later(self, heart: Callable[..., Path], editor: User) -> None:
        folder = heart({"a": text()})
        Ran(folder)
        assert Ran(folder, "--submit", "--by", editor.email).count("submitted") == 1
        assert self.release(folder, editor).count("released") == 1

    def test_a_pulled_back_edition_is_not_submitted_again(self, heart: Callable[..., Path], editor: User) -> None:
        folder = heart({"a": text()})
        Ran(folder, "--submit", "--by", editor.email)
        workflow.pull_back(Edition.objects.get(), by=editor, reason="Not yet")

        assert self.release(folder, editor).count("submitted") == 0
        assert not Publication.objects.exists()

    def test_a_changed_file_replaces_the_edition_under_caution(self, heart: Callable[..., Path], editor: User) -> None:
        self.release(heart({"a": text()}), editor)
        ran = self.release(heart({"a": text(body="It still does [@one].\n")}), editor)

        assert (ran.count("changed"), ran.count("released")) == (1, 1)
        assert Publication.objects.get().edition.number == 2

    def test_whoever_stands_in_the_byline_does_not_release(self, heart: Callable[..., Path], editor: User) -> None:
        ran = self.release(heart({"a": text(byline=[{"name": "Edo", "email": editor.email}])}), editor)

        assert (ran.failure, ran.count("submitted"), ran.count("released")) == ("", 1, 0)
        assert "four eyes" in ran.out
        assert not Publication.objects.exists()

    def test_an_approved_answer_is_not_replaced_by_a_caution(
        self, heart: Callable[..., Path], editor: User, member: User
    ) -> None:
        Ran(heart({"a": text()}), "--submit", "--by", editor.email)
        edition = Edition.objects.get()
        workflow.take_up(edition, by=member)
        workflow.decide(edition, by=member, kind="approve", password="a long password for tests")
        workflow.publish(edition, by=editor)
        ran = self.release(heart({"a": text(body="New [@one].")}), editor)

        assert (ran.failure, ran.count("submitted"), ran.count("released")) == ("", 1, 0)
        assert "heart/a.md: An approved edition is or was public." in ran.out
        assert Publication.objects.get().edition == edition

    def test_what_cannot_be_submitted_is_kept_as_a_draft(self, heart: Callable[..., Path], editor: User) -> None:
        ran = self.release(heart({"a": text(body="No source.")}), editor)

        assert (ran.failure, ran.count("new"), ran.count("submitted")) == ("", 1, 0)
        assert "heart/a.md: The answer cites no work" in ran.out
        assert Article.objects.exists()
        assert not Edition.objects.exists()


@pytest.mark.usefixtures("db")
class TestKinds:
    def test_the_kind_of_a_file_is_found_by_its_slug(self, heart: Callable[..., Path]) -> None:
        kind, _new = AnswerKind.objects.get_or_create(slug="diagnosis", defaults={"name": "Diagnosis"})
        ran = Ran(heart({"a": text(kind="diagnosis"), "b": text("Other?", kind="no-such-kind")}))

        assert ran.failure == ""
        assert "There is no kind of answer no-such-kind here" in ran.out
        assert {article.kind for article in Article.objects.all()} == {kind, None}
        assert Ran(heart({"a": text(kind="diagnosis")})).count("unchanged") == 2


def sources() -> list[tuple[str, str, bool]]:
    """Source digest, address and sample mark of every article, in an order that a new database keeps."""
    return sorted(
        (
            editions.digest(editions.canonical(editions.SOURCE, 1, freezing.source_of(article))),
            article.slug,
            article.is_sample,
        )
        for article in Article.objects.all()
    )


@pytest.mark.usefixtures("db")
class TestThereAndBack:
    def round_trip(self, folder: Path, tmp_path: Path) -> None:
        """Import, export, import where it came from, and import where nothing is."""
        Ran(folder)
        before = sources()
        assert before
        call_command("export_articles", str(tmp_path / "out"), stdout=StringIO())
        same = Ran(tmp_path / "out")
        assert (same.failure, same.count("unchanged"), same.count("changed"), same.count("new")) == (
            "",
            len(before),
            0,
            0,
        )

        works = list(Reference.objects.values_list("key", "title", "doi", "kind", "status"))
        for model in (Article.topics.through, Image, *self.emptied()):
            model.objects.all().delete()
        anew = Ran(tmp_path / "out")
        assert (anew.failure, anew.count("new")) == ("", len(before))
        assert sources() == before
        kept = set(Reference.objects.values_list("key", "title", "doi", "kind", "status"))
        assert kept <= set(works)

    @staticmethod
    def emptied() -> list[Any]:
        return [Article._meta.get_field("contributors").related_model, Article, Topic, Reference]

    def test_the_samples(self, tmp_path: Path) -> None:
        self.round_trip(SAMPLES, tmp_path)

    def test_real_articles(self, tmp_path: Path, shared_data: Path) -> None:
        for name in ("medquad", "pubmedqa"):
            (tmp_path / "in" / name / "articles").mkdir(parents=True)
            shutil.copy(shared_data / name / "references.json", tmp_path / "in" / name)
            for path in sorted((shared_data / name / "articles").iterdir())[::40]:
                shutil.copy(path, tmp_path / "in" / name / "articles")
        self.round_trip(tmp_path / "in", tmp_path)

    def test_an_article_written_here(self, draft: Article, tmp_path: Path) -> None:
        call_command("export_articles", str(tmp_path / "out"), "--article", str(draft.pk), stdout=StringIO())
        assert Ran(tmp_path / "out").count("unchanged") == 1
        assert Article.objects.get().version == 1

    def test_an_article_that_is_not_there_is_named(self, draft: Article, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="no article nothing-like-it"):
            call_command("export_articles", str(tmp_path / "out"), "--article", "nothing-like-it")
        assert not (tmp_path / "out").exists()
