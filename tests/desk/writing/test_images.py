"""The images of an article in the desk: taken in, changed, deleted, shown to whoever may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.images import keeping
from articles.images.uploads import LARGEST
from articles.models import Article, Image
from people.models import User
from reviews import workflow
from tests import pictures

Browser = Callable[[User], Client]
WORDS = {"alternative": "A line that rises", "caption": "Risk by age", "credit": "Ann Artist, CC BY"}


def file(data: bytes | None = None, name: str = "Mrs Smith.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.as_bytes(pictures.drawing()) if data is None else data)


def send(client: Client, article: Article, *, dialog: bool = False, **sent: Any) -> Any:
    url = reverse("desk:images", args=[article.pk]) + ("?dialog=1" if dialog else "")
    return client.post(url, {"image": file()} | WORDS | sent)


@pytest.fixture
def image(draft: Article, author: User) -> Image:
    return keeping.add(draft, pictures.kept(), by=author, **WORDS)


def test_an_image_is_taken_in_and_listed_with_its_line(browser: Browser, draft: Article, author: User) -> None:
    client = browser(author)
    response = send(client, draft)
    assert response.status_code == 302
    row = Image.objects.get()
    assert (row.alternative, row.caption, row.credit) == tuple(WORDS.values())
    assert (row.name, row.original_name, row.uploaded_by) == ("a-line-that-rises", "Mrs Smith.png", author)
    page = client.get(response["Location"]).content.decode()
    assert "![A line that rises](image:a-line-that-rises &quot;Risk by age&quot;)" in page
    assert reverse("desk:image_file", args=[row.digest, "png"]) in page


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"alternative": "  "}, "id_alternative", "can&#x27;t see it"),
        ({"image": ""}, "id_image", "Choose an image"),
        ({"image": file(b"", "empty.png")}, "id_image", "empty"),
        ({"image": file(b"%PDF-1.4")}, "id_image", "PDF"),
        ({"image": file(b"words")}, "id_image", "PNG, JPEG or WebP"),
        ({"image": file(b"<svg/>", "x.svg")}, "id_image", "SVG"),
        ({"image": file(b"\x89PNG" + bytes(LARGEST + 4))}, "id_image", "8.0 MB"),
        ({"caption": "x" * 1001}, "id_caption", "1000"),
    ],
)
@pytest.mark.parametrize("dialog", [False, True])
def test_what_is_wrong_is_said_beside_its_field_and_the_words_come_back(
    browser, draft, author, sent, field, words, dialog
) -> None:
    if "image" in sent and sent["image"]:
        sent["image"].seek(0)
    response = send(browser(author), draft, dialog=dialog, **sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert f'id="{field}_error"' in page
    assert words in page[page.index(f'id="{field}_error"') :]
    assert "Ann Artist, CC BY" in page
    assert ("<html" in page) is not dialog
    assert not Image.objects.exists()


def test_the_dialog_says_which_line_to_insert(browser: Browser, draft: Article, author: User, image: Image) -> None:
    client = browser(author)
    url = reverse("desk:images", args=[draft.pk]) + "?dialog=1"
    page = client.get(url).content.decode()
    assert "<html" not in page
    assert 'data-insert="![A line that rises](image:a-line-that-rises &quot;Risk by age&quot;)"' in page
    assert "data-added" not in page
    page = send(client, draft, dialog=True).content.decode()
    assert 'data-added="![A line that rises](image:a-line-that-rises-2 &quot;Risk by age&quot;)"' in page


def test_its_words_are_changed(browser: Browser, draft: Article, author: User, image: Image) -> None:
    client = browser(author)
    url = reverse("desk:image_edit", args=[draft.pk, image.pk])
    assert "Risk by age" in client.get(url).content.decode()
    refused = client.post(url, {"alternative": "", "caption": "Kept words", "credit": ""})
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()
    assert client.post(url, {"alternative": "New", "caption": "", "credit": "CC0"}).status_code == 302
    image.refresh_from_db()
    assert (image.alternative, image.caption, image.credit, image.name) == ("New", "", "CC0", "a-line-that-rises")


def test_it_is_deleted_unless_the_text_or_an_edition_shows_it(browser, draft, author, image) -> None:
    client = browser(author)
    url = reverse("desk:image_delete", args=[draft.pk, image.pk])
    draft.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(draft, by=author, base_version=draft.version)
    assert url not in client.get(reverse("desk:images", args=[draft.pk])).content.decode()
    refused = client.post(url)
    assert refused.status_code == 409
    assert "saved text shows this image" in refused.content.decode()
    draft.body = "Text."
    drafting.save(draft, by=author, base_version=draft.version)
    assert client.post(url).status_code == 302
    assert not Image.objects.exists()


def test_an_image_of_another_article_is_not_reached_through_ones_own(browser, draft, author, editor, image) -> None:
    other = Article(question="Another?", owner=author)
    drafting.save(other, by=author, base_version=0)
    for name in ("desk:image_edit", "desk:image_delete"):
        assert browser(author).post(reverse(name, args=[other.pk, image.pk]), WORDS).status_code == 404
    assert Image.objects.exists()


def test_who_may_see_the_bytes_changes_with_the_edition(browser, person, draft, author, member, editor, image) -> None:
    from people.models import Role

    other = person("Olga Other", Role.AUTHOR)
    url = reverse("desk:image_file", args=[image.digest, "png"])

    def seen() -> list[int]:
        return [browser(one).get(url).status_code for one in (author, other, member, editor)]

    assert seen() == [200, 404, 404, 200]
    draft.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(draft, by=author, base_version=draft.version)
    workflow.submit(draft, by=author)
    assert seen() == [200, 404, 200, 200]
    Image.objects.all().delete()
    assert seen() == [200, 404, 200, 200]


def test_the_bytes_are_for_this_person_alone(browser, draft, author, image) -> None:
    client = browser(author)
    url = reverse("desk:image_file", args=[image.digest, "png"])
    response = client.get(url)
    assert response.content == bytes(image.data)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, no-cache"
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(url.replace(".png", ".jpg")).status_code == 404


def test_the_preview_shows_the_images_of_its_article_alone(browser, draft, author, image) -> None:
    client = browser(author)
    other = Article(question="Another?", owner=author)
    drafting.save(other, by=author, base_version=0)
    posted = {"body": keeping.markdown_for(image)}
    file_address = reverse("desk:image_file", args=[image.digest, "png"])

    def page(article: object) -> str:
        answer = client.post(f"{reverse('desk:preview')}?article={article}", posted)
        assert answer.status_code == 200
        return answer.content.decode()

    shown = page(draft.pk)
    assert f'src="{file_address}"' in shown
    assert 'src="/images/' not in shown
    assert "Ann Artist, CC BY" in shown
    for article in (other.pk, 99999, "", "x", "9" * 30):
        assert file_address not in page(article)
        assert "is not the name of an image" in page(article)


def test_the_preview_shows_nothing_of_somebody_elses_article(browser, person, draft, image) -> None:
    from people.models import Role

    client = browser(person("Olga Other", Role.AUTHOR))
    answer = client.post(f"{reverse('desk:preview')}?article={draft.pk}", {"body": keeping.markdown_for(image)})
    assert "is not the name of an image" in answer.content.decode()
    assert image.digest not in answer.content.decode()


def test_the_board_reads_the_edition_with_its_image(browser, draft, author, member, image) -> None:
    draft.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(draft, by=author, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    page = browser(member).get(reverse("desk:review_text", args=[edition.pk, 1])).content.decode()
    assert f'src="{reverse("desk:image_file", args=[image.digest, "png"])}"' in page
    review = browser(member).get(reverse("desk:review", args=[edition.pk])).content.decode()
    assert "is not the name of an image" not in review


def test_the_board_sees_that_an_image_was_changed(browser, draft, author, member, image) -> None:
    draft.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(draft, by=author, base_version=draft.version)
    workflow.submit(draft, by=author)
    keeping.change(image, by=author, **(WORDS | {"credit": "Other, CC0"}))
    edition = workflow.submit(draft, by=author)
    page = browser(member).get(reverse("desk:review", args=[edition.pk])).content.decode()
    assert "Images" in page
    assert "Other, CC0" in page


def test_a_new_article_has_no_images_yet(browser, author, draft, image) -> None:
    assert "data-images-dialog" not in browser(author).get(reverse("desk:article_new")).content.decode()
    page = browser(author).get(reverse("desk:article_edit", args=[draft.pk])).content.decode()
    assert "data-images-dialog" in page
    assert f"?article={draft.pk}" in page
