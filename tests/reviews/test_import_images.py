"""Images of the interchange format: there and back, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from articles import editions
from articles.images import keeping, uploads
from articles.models import Article, Edition, Image
from people.models import User
from tests import pictures
from tests.reviews.test_import import Ran, heart, sources, text

__all__ = ["heart"]  # the fixture

pytestmark = pytest.mark.django_db

CHART = {"name": "chart", "file": "a/chart.png", "alt": "A line that rises", "caption": "Risk", "credit": "CC BY"}
BODY = 'It does [@one].\n\n![A line that rises](image:chart "Risk")\n'


@pytest.fixture
def illustrated(heart: Callable[..., Path]) -> Callable[..., Path]:
    """A collection with one article and its image, whose head says what is given."""

    def write(data: bytes | None = None, body: str = BODY, **said: Any) -> Path:
        folder = heart({"a": text(body=body, images=[CHART | said])})
        place = folder / "images" / "a" / "chart.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pictures.as_bytes(pictures.photograph(1700, 90)) if data is None else data)
        return folder

    return write


def test_an_image_is_read_like_an_upload_and_frozen_with_the_edition(illustrated, editor: User) -> None:
    ran = Ran(illustrated(), "--submit", "--by", editor.email)
    assert (ran.failure, ran.count("submitted")) == ("", 1)
    row = Image.objects.get()
    assert (row.name, row.alternative, row.caption, row.credit) == ("chart", "A line that rises", "Risk", "CC BY")
    assert (row.width, row.media_type) == (1600, "image/jpeg")
    (frozen,) = editions.read(Edition.objects.get()).frozen["images"]
    assert (frozen["name"], frozen["digest"]) == ("chart", row.digest)


def test_there_and_back_keeps_every_source(illustrated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ran(illustrated())
    before = sources()
    row = Image.objects.get()
    keeping.add(row.article, pictures.kept(), by=row.uploaded_by, alternative="Not in the text")
    out = tmp_path / "out"
    call_command("export_articles", str(out), stdout=StringIO())
    (exported,) = (out / "images").rglob("*.*")
    assert exported.read_bytes() == bytes(row.data)
    assert exported.relative_to(out / "images") == Path(row.article.slug) / "chart.jpg"

    with monkeypatch.context() as patch:
        patch.setattr(uploads.subprocess, "run", lambda *args, **kwargs: pytest.fail("it was decoded again"))
        assert Ran(out).count("unchanged") == 1

    Image.objects.all().delete()
    Article.objects.update(source_id=None, slug="other")
    assert Ran(out).count("new") == 1
    assert sources()[0][0] == before[0][0] or sources()[1][0] == before[0][0]
    assert Image.objects.get().digest == row.digest
    assert Image.objects.get().caption == "Risk"


def test_an_image_that_is_no_longer_shown_leaves_the_export(illustrated, tmp_path: Path) -> None:
    folder = illustrated()
    Ran(folder)
    out = tmp_path / "out"
    call_command("export_articles", str(out), stdout=StringIO())
    assert list((out / "images").iterdir())
    Ran(illustrated(body="It does [@one].\n"))
    call_command("export_articles", str(out), stdout=StringIO())
    assert not list((out / "images").iterdir())
    assert "images:" not in next((out / "articles").iterdir()).read_text()


def test_another_picture_or_credit_is_another_version(illustrated) -> None:
    photograph = pictures.as_bytes(pictures.photograph())
    assert Ran(illustrated(photograph)).count("new") == 1
    assert Ran(illustrated(photograph)).count("unchanged") == 1
    assert Ran(illustrated(photograph, credit="CC0")).count("changed") == 1
    assert Ran(illustrated(pictures.as_bytes(pictures.drawing()), credit="CC0")).count("changed") == 1
    assert Image.objects.get().media_type == "image/png"


def test_a_dry_run_sees_the_image_and_keeps_nothing(illustrated) -> None:
    ran = Ran(illustrated(), "--dry-run")
    assert (ran.failure, ran.count("new")) == ("", 1)
    assert "is not the name of an image" not in ran.out
    assert not Image.objects.exists()


def test_a_name_without_an_image_stays_a_draft_with_its_line(illustrated) -> None:
    ran = Ran(illustrated(body="It does [@one].\n\n![x](image:other)\n"))
    assert "heart/a.md, line 8: “other” on line 8 is not the name of an image" in ran.out


@pytest.mark.parametrize(
    ("said", "data", "words"),
    [
        ({"alt": ""}, None, "has no alt"),
        ({"name": "Chart 1"}, None, "needs a name"),
        ({"file": ""}, None, "names no file"),
        ({"file": "a/none.png"}, None, "cannot be read"),
        ({"file": "../references.json"}, None, "no PNG"),
        ({"file": "/etc/hosts"}, None, "leads out of the folder"),
        ({"file": "a"}, None, "not a file"),
        ({"size": "large"}, None, "size"),
        ({"alt": "x" * 501}, None, "at most 500"),
        ({}, b"just words", "no PNG"),
        ({}, b"\x89PNG" + bytes(uploads.LARGEST), "MB"),
    ],
)
def test_what_cannot_be_read_leaves_the_whole_article_out(illustrated, said, data, words: str) -> None:
    ran = Ran(illustrated(data, **said))
    assert "1 left out" in ran.failure
    assert "heart/a.md, line 4:" in ran.err
    assert words in ran.err
    assert not Article.objects.exists()
    assert not Image.objects.exists()


def test_one_name_for_two_images_is_refused(heart: Callable[..., Path]) -> None:
    ran = Ran(heart({"a": text(images=[CHART, CHART])}))
    assert "Two images have the name chart" in ran.err
