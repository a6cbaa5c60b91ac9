"""Images in the database: of drafts, frozen with editions, and public while a page shows them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import drafting, editions, freezing
from articles.images import keeping
from articles.models import Article, Edition, EditionImage, Image, ImageFile
from people.models import User
from reviews import workflow
from tests import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(draft: Article, author: User) -> Image:
    return keeping.add(
        draft, pictures.kept(), by=author, alternative="A line that rises", caption="Risk", credit="CC BY"
    )


@pytest.fixture
def shown(draft: Article, image: Image, author: User) -> Article:
    """The draft, saved with its image in the text."""
    draft.body += "\n\n" + keeping.markdown_for(image)
    return drafting.save(draft, by=author, base_version=draft.version)


def test_the_name_is_made_of_the_alternative_text_and_never_of_the_file(draft: Article, author: User) -> None:
    def add(alternative: str) -> str:
        row = keeping.add(draft, pictures.kept(), by=author, alternative=alternative, original_name="Mrs Smith.png")
        assert row.original_name == "Mrs Smith.png"
        return row.name

    assert add("Survival of 1,200 patients after treatment, by age") == "survival-of-1200-patients-after-treatment"
    assert add("Survival of 1,200 patients after treatment, by sex") == "survival-of-1200-patients-after-treatment-2"
    assert add("Überleben") == "uberleben"
    assert add("生存") == "image"
    assert add("_a_b_") == "a-b"
    assert add("x" * 100) == "x" * 50


def test_an_article_has_so_many_and_no_more(draft: Article, image: Image, author: User, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 1)
    with pytest.raises(ValidationError, match="at most 1"):
        keeping.add(draft, pictures.kept(), by=author, alternative="Another")


def test_words_are_stored_as_one_line_without_unseen_characters(draft: Article, author: User) -> None:
    row = keeping.add(draft, pictures.kept(), by=author, alternative=" a\r\n b\u200b ", caption="e\u0301\x00")
    assert (row.alternative, row.caption, row.credit) == ("a b", "é", "")


def test_an_edition_freezes_what_it_shows_and_nothing_else(shown: Article, image: Image, author: User) -> None:
    keeping.add(shown, pictures.kept(300, 90), by=author, alternative="Left over")
    edition = workflow.submit(shown, by=author)
    frozen = editions.read(edition)
    assert frozen.frozen["images"] == [
        {
            "name": image.name,
            "digest": image.digest,
            "media_type": "image/png",
            "width": 240,
            "height": 120,
            "alternative": "A line that rises",
            "caption": "Risk",
            "credit": "CC BY",
        }
    ]
    assert frozen.source["images"] == [{"name": image.name, "digest": image.digest, "credit": "CC BY"}]
    assert f'src="/images/{image.digest}.png"' in frozen.text_for("general")["html"]
    (file,) = ImageFile.objects.all()
    assert editions.digest(file.data) == file.digest == image.digest


def test_a_text_without_images_has_the_source_that_it_always_had(draft: Article, image: Image) -> None:
    with CaptureQueriesContext(connection) as queries:
        source = freezing.source_of(draft)
    assert "images" not in source
    assert not any("articles_image" in query["sql"] for query in queries)


def test_two_articles_share_the_bytes_of_one_image(draft: Article, shown: Article, author: User) -> None:
    workflow.submit(shown, by=author)
    other = Article(question="Another?", lead="L [@alpha].", body="T", owner=author)
    drafting.save(other, by=author, base_version=0)
    again = keeping.add(other, pictures.kept(), by=author, alternative="The same")
    other.body = "T\n\n" + keeping.markdown_for(again)
    drafting.save(other, by=author, base_version=1)
    workflow.submit(other, by=author)
    assert ImageFile.objects.count() == 1
    assert EditionImage.objects.count() == 2


@pytest.mark.parametrize("word", ["alternative", "caption"])
def test_changed_words_of_the_row_leave_text_and_digest_alone(shown: Article, image: Image, word: str, author: User):
    before = freezing.prepare(shown)
    keeping.change(image, by=author, **{"alternative": "A", "caption": "", "credit": "CC BY", word: "Other"})
    after = freezing.prepare(shown)
    assert (before.source_digest, before.images) == (after.source_digest, after.images)


def test_another_credit_is_another_source(shown: Article, image: Image, author: User) -> None:
    before = freezing.prepare(shown)
    keeping.change(image, by=author, alternative="A", caption="", credit="CC0")
    after = freezing.prepare(shown)
    assert before.source_digest != after.source_digest
    assert "CC0" in after.rendering.texts[0].html


def test_an_image_is_deleted_while_neither_text_nor_edition_shows_it(
    shown: Article, image: Image, author: User
) -> None:
    assert "saved text shows" in str(keeping.delete(image, by=author))
    shown.body = "Nothing."
    drafting.save(shown, by=author, base_version=shown.version)
    assert keeping.delete(image, by=author) is None
    assert not Image.objects.exists()
    assert not ImageFile.objects.exists()


def test_an_image_that_an_edition_froze_stays(shown: Article, image: Image, author: User) -> None:
    workflow.submit(shown, by=author)
    shown.body = "Nothing."
    drafting.save(shown, by=author, base_version=shown.version)
    assert "edition shows" in str(keeping.delete(image, by=author))
    assert Image.objects.filter(pk=image.pk).exists()


@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_an_image_that_changes_while_the_edition_is_prepared_is_a_conflict(
    shown: Article, image: Image, author: User, what: str
) -> None:
    prepared = freezing.prepare(shown)
    if what == "deleted":
        Image.objects.all().delete()
    else:
        keeping.replace(shown, [keeping.Incoming(image.name, pictures.kept(99, 50), "Other")], by=author)
    with pytest.raises(drafting.Conflict):
        workflow.submit(shown, by=author, prepared=prepared)
    assert not Edition.objects.exists()


def test_a_deleted_image_stands_in_the_way_of_the_next_submission(shown: Article, image: Image, author: User) -> None:
    Image.objects.all().delete()
    with pytest.raises(workflow.Refused, match="is not the name of an image"):
        workflow.submit(shown, by=author)


def test_the_list_has_no_bytes_and_one_query(shown: Article, image: Image, author: User) -> None:
    keeping.add(shown, pictures.kept(100, 50), by=author, alternative="Second")
    workflow.submit(shown, by=author)
    with CaptureQueriesContext(connection) as queries:
        rows = [(row.name, row.is_frozen) for row in keeping.of_article(shown)]
    assert rows == [("second", False), (image.name, True)]
    assert len(queries) == 1
    assert '"data"' not in queries[0]["sql"]


def test_an_older_edition_keeps_its_bytes_when_the_draft_gets_others(shown: Article, image: Image, author: User):
    edition = workflow.submit(shown, by=author)
    keeping.replace(shown, [keeping.Incoming(image.name, pictures.kept(99, 50), "Other")], by=author)
    with transaction.atomic():
        again = workflow.submit(shown, by=author)
    assert again.pk != edition.pk
    digests = {one.pk: editions.read(one).frozen["images"][0]["digest"] for one in (edition, again)}
    assert digests[edition.pk] == image.digest != digests[again.pk]
    assert {file.digest for file in ImageFile.objects.all()} == set(digests.values())
