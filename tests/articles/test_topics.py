"""Topics as a tree: what may stand where, what readers see of it, and an editor's form."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import search, topics
from articles.models import Topic
from articles.search.finding import Filters
from articles.topics import DEEPEST, Conflict, Refused, Tree
from people.models import User
from reviews import workflow
from tests.readers.conftest import approve, decline, publish, release, submit, write

__all__ = ["approve", "decline", "publish", "release", "submit", "write"]


@pytest.fixture
def chain(db: None) -> list[Topic]:
    """Medicine over Hearts over Rhythm; and Skin at the top."""
    made = []
    for name in ("Medicine", "Hearts", "Rhythm"):
        made.append(Topic.objects.create(slug=name.lower(), name=name, parent=made[-1] if made else None))
    return [*made, Topic.objects.create(slug="skin", name="Skin")]


def put(topic: Topic, under: Topic | None, by: User, **fields) -> Topic:
    topic.refresh_from_db()
    said = {"base_version": topic.version, "description": "", "parent": under.pk if under else None} | fields
    return topics.save(topic, by=by, **said)


@pytest.mark.parametrize(("moved", "under"), [(0, 0), (0, 1), (0, 2), (1, 2)])
def test_no_topic_stands_under_itself_or_one_of_its_own(chain, editor: User, moved: int, under: int):
    with pytest.raises(ValidationError) as refused:
        put(chain[moved], chain[under], editor)
    assert "under none of its own" in refused.value.message_dict["parent"][0]
    assert Topic.objects.get(pk=chain[0].pk).parent is None


def test_the_tree_is_not_deeper_than_it_may_be(chain, editor: User):
    lowest = Topic.objects.create(slug="flutter", name="Flutter", parent=chain[2])
    with pytest.raises(ValidationError):
        put(chain[3], lowest, editor)
    with pytest.raises(ValidationError):
        put(chain[0], chain[3], editor)
    assert put(lowest, chain[3], editor).parent == chain[3]
    assert put(chain[0], None, editor, description="All of it.").description == "All of it."


@given(st.lists(st.integers(0, 6), min_size=7, max_size=7))
def test_a_place_that_is_offered_never_closes_a_circle(parents: list[int]):
    whole = Tree({pk: Topic(pk=pk, name=str(pk)) for pk in range(1, 8)}, {})
    for pk in whole.topics:
        whole.children.setdefault(None, []).append(whole.topics[pk])
    for pk, wanted in enumerate(parents, start=1):
        topic = whole.topics[pk]
        if wanted in {one.pk for one, _depth in topics.places_for(topic, whole)}:
            whole.children[None].remove(topic)
            topic.parent_id = wanted
            whole.children.setdefault(wanted, []).append(topic)
    assert len(topics.in_order(whole)) == 7
    assert all(depth < DEEPEST for _topic, depth in topics.in_order(whole))
    assert all(topic not in whole.path_to(topic) for topic in whole.topics.values())


def test_only_editors_and_only_on_the_newest(chain, editor: User, author: User):
    with pytest.raises(Refused):
        put(chain[3], chain[0], author)
    put(chain[3], chain[0], editor)
    with pytest.raises(Conflict):
        put(chain[3], None, editor, base_version=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=chain[3].pk).update(parent=chain[3].pk)


def test_readers_see_the_path_what_is_under_it_and_all_its_answers(client: Client, chain, write, publish):
    publish(write("Is alpha safe?", topics=["Rhythm"]))
    publish(write("Is beta safe?", topics=["Rhythm", "Hearts"]))
    write("Is a draft safe?", topics=["Skin"])
    top = client.get("/topics/medicine/").content.decode()
    assert "Is alpha safe?" in top
    assert top.count("Is beta safe?") == 1
    assert "2 answers." in top
    under = top.partition('id="under"')[2].partition("</section>")[0]
    assert re.findall(r'href="/topics/([^/]*)/">', under) == ["hearts", "rhythm"]
    lowest = client.get("/topics/rhythm/?for=patient").content.decode()
    trail = lowest.partition('class="trail"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', trail) == [
        "/topics/?for=patient",
        "/topics/medicine/?for=patient",
        "/topics/hearts/?for=patient",
    ]
    whole = client.get("/topics/").content.decode()
    assert re.findall(r'href="/topics/([^/]+)/">', whole) == ["medicine", "hearts", "rhythm"]
    assert "Skin" not in whole
    assert client.get("/topics/skin/").status_code == 404


def test_feed_api_home_search_and_sitemap_take_in_what_stands_below(client: Client, chain, write, publish):
    publish(write("Is alpha safe?", topics=["Rhythm"]))
    publish(write("Is beta safe?", topics=["Rhythm", "Hearts"]))
    publish(write("Is gamma safe?", topics=["Hearts"]))
    feed = client.get("/feeds/topics/medicine.atom").content.decode()
    assert feed.count("<entry>") == 3
    assert client.get("/feeds/topics/skin.atom").status_code == 404
    found = client.get("/api/v1/answers?topic=medicine").json()["items"]
    assert [one["question"] for one in found] == ["Is alpha safe?", "Is beta safe?", "Is gamma safe?"]
    told = client.get("/api/v1/topics").json()["items"]
    assert [(one["slug"], one["under"], one["answers"]) for one in told] == [
        ("hearts", "medicine", 3),
        ("medicine", None, 3),
        ("rhythm", "hearts", 2),
    ]
    home = client.get("/").content.decode().partition('id="topics"')[2].partition("</section>")[0]
    assert re.findall(r'href="/topics/([^/]+)/">', home) == ["medicine"]
    assert "3 answers" in home
    choices = (
        client.get("/search/?q=alpha").content.decode().partition('id="filter-topic"')[2].partition("</select>")[0]
    )
    assert re.findall(r">([^<]+)</option>", choices) == ["Any", "Medicine", "– Hearts", "– – Rhythm"]
    assert "/topics/medicine/</loc>" in client.get("/sitemap.xml").content.decode()


def test_a_search_in_a_topic_looks_under_it_as_well(chain, write, publish):
    publish(write("Is alpha safe?", topics=["Rhythm"]))
    publish(write("Is alpha new?", topics=["Skin"]))
    found = search.find("alpha", filters=Filters(topic="medicine"))
    assert [one.publication.question for one in found.found] == ["Is alpha safe?"]


def test_pages_ask_as_much_for_many_topics_as_for_few(
    client: Client, chain, write, publish, django_assert_max_num_queries
):
    publish(write("Is alpha safe?", topics=["Rhythm"]))
    for number in range(30):
        Topic.objects.create(slug=f"t{number}", name=f"T {number}", parent=chain[number % 3])
    with django_assert_max_num_queries(4):
        client.get("/topics/")
    with django_assert_max_num_queries(8):
        client.get("/topics/medicine/")


def test_an_editor_moves_a_topic(client: Client, chain, editor: User, author: User, django_assert_max_num_queries):
    client.force_login(editor)
    page = reverse("desk:topic", args=[chain[3].pk])
    assert client.get(page).status_code == 200
    data = {"description": "Of the skin.", "parent": chain[0].pk, "comment": "Sorted", "base_version": 0}
    assert client.post(page, data).status_code == 302
    chain[3].refresh_from_db()
    assert (chain[3].parent, chain[3].description) == (chain[0], "Of the skin.")
    with django_assert_max_num_queries(8):
        listed = client.get(reverse("desk:topics")).content.decode()
    assert "Under Medicine" in listed
    assert "Sorted" in client.get(page).content.decode()
    # Somebody else was quicker: nothing of what was typed is lost.
    late = client.post(page, data | {"description": "Mine."})
    assert late.status_code == 409
    assert "Mine." in late.content.decode()
    assert "Of the skin." in late.content.decode()
    circle = client.post(
        reverse("desk:topic", args=[chain[0].pk]), {"description": "", "parent": chain[2].pk, "base_version": 0}
    )
    assert circle.status_code == 422
    assert "stand there" in circle.content.decode()


def test_a_topic_whose_last_answer_left_keeps_its_page(client: Client, chain, write, publish, editor: User):
    edition = publish(write("Is alpha safe?", topics=["Rhythm"]))
    workflow.withdraw(edition, by=editor, explanation="New trials contradict it.")
    assert client.get("/topics/medicine/").status_code == 200
    assert "Medicine" not in client.get("/topics/").content.decode()
