"""Images of public answers: there while a page shows them, gone with it, the same for everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.images import keeping
from articles.models import Article, Image
from people.models import User
from reviews import workflow
from tests import pictures


@pytest.fixture
def illustrate(author: User) -> Callable[..., Image]:
    """Give an article an image of its own size and save it with that in the text."""

    def act(article: Article, width: int = 240, body: str = "Text [@alpha].") -> Image:
        image = keeping.add(article, pictures.kept(width), by=author, alternative=f"A line {width} wide")
        article.body = f"{body}\n\n{keeping.markdown_for(image)}"
        drafting.save(article, by=author, base_version=article.version)
        return image

    return act


def address(image: Image) -> str:
    return reverse("readers:image", args=[image.digest, "png"])


def test_a_public_answer_shows_its_image(client: Client, draft: Article, illustrate, publish) -> None:
    image = illustrate(draft)
    publish(draft)
    page = client.get(reverse("readers:answer", args=[draft.slug])).content.decode()
    assert f'src="{address(image)}"' in page
    response = client.get(address(image))
    assert response.status_code == 200
    assert response.content == bytes(image.data)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "X-Robots-Tag" not in response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_page_stays_one_query_and_so_is_the_image(
    client: Client, draft: Article, illustrate, publish, django_assert_num_queries
) -> None:
    image = illustrate(draft)
    publish(draft)
    with django_assert_num_queries(1):
        client.get(reverse("readers:answer", args=[draft.slug]))
    with django_assert_num_queries(1):
        etag = client.get(address(image))["ETag"]
    with django_assert_num_queries(1) as queries:
        again = client.get(address(image), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert '"data"' not in queries[0]["sql"]


def test_shared_caches_ask_as_often_as_for_a_page(client: Client, draft: Article, illustrate, publish) -> None:
    image = illustrate(draft)
    publish(draft)
    control = client.get(address(image))["Cache-Control"]
    page = client.get(reverse("readers:answer", args=[draft.slug]))["Cache-Control"]
    shared = {one.strip() for one in page.split(",")} & {one.strip() for one in control.split(",")}
    assert {"public", "must-revalidate"} <= shared
    assert any(one.startswith("s-maxage=") for one in shared)


def test_a_cookie_changes_nothing(client: Client, draft: Article, author: User, illustrate) -> None:
    image = illustrate(draft)
    client.force_login(author)
    assert client.get(address(image)).status_code == 404


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_an_image_of_what_is_not_public_is_not_there(client, draft, illustrate, submit, approve, state) -> None:
    image = illustrate(draft)
    if state != "draft":
        {"submitted": submit, "approved": approve}[state](draft)
    assert client.get(address(image)).status_code == 404
    assert client.get(address(image), headers={"If-None-Match": f'"{image.digest}"'}).status_code == 404


def test_only_what_the_public_edition_shows_is_there(client, draft, illustrate, publish, submit, author) -> None:
    first = illustrate(draft)
    unused = keeping.add(draft, pictures.kept(333), by=author, alternative="Not shown")
    publish(draft)
    second = illustrate(draft, 300)
    submit(draft)
    assert [client.get(address(one)).status_code for one in (first, unused, second)] == [200, 404, 404]


def test_an_earlier_public_edition_keeps_its_image(client, draft, illustrate, publish) -> None:
    first = illustrate(draft)
    publish(draft)
    second = illustrate(draft, 300)
    publish(draft)
    assert [client.get(address(one)).status_code for one in (first, second)] == [200, 200]
    page = client.get(reverse("readers:edition", args=[draft.slug, 1])).content.decode()
    assert address(first) in page
    assert address(second) not in page


def test_it_stops_when_the_answer_leaves_the_public(client, draft, illustrate, release, decline) -> None:
    image = illustrate(draft)
    edition = release(draft)
    response = client.get(address(image))
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    decline(edition)
    assert client.get(address(image)).status_code == 404
    assert client.get(address(image), headers={"If-None-Match": response["ETag"]}).status_code == 404


def test_a_withdrawn_answer_that_can_be_read_shows_it(client, draft, illustrate, publish, editor) -> None:
    image = illustrate(draft)
    workflow.withdraw(publish(draft), by=editor, explanation="It is out of date.")
    assert address(image) in client.get(reverse("readers:answer", args=[draft.slug])).content.decode()
    assert client.get(address(image)).status_code == 200


@pytest.mark.parametrize("path", ["{}.jpg", "{}.svg", "{}", "{}.png/", "{}.PNG", "../{}.png", "0{}.png"])
def test_another_kind_or_form_of_the_address_is_not_there(client, draft, illustrate, publish, path) -> None:
    image = illustrate(draft)
    publish(draft)
    assert client.get("/images/" + path.format(image.digest)).status_code == 404


def test_only_reading(client, draft, illustrate, publish) -> None:
    image = illustrate(draft)
    publish(draft)
    assert client.post(address(image)).status_code == 405
    assert client.head(address(image)).status_code == 200
