"""A save over a newer version: both texts kept, side by side, and joined as the person chooses."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from articles import autosaves, drafting, history
from articles.models import Article, Topic
from people.models import User

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
ONE, TWO, THREE = "One helps [@alpha].", "Two trials agree [@beta].", "Three is a safe dose."
BODY = "\n\n".join((ONE, TWO, THREE))
SEARCHED = datetime.date(2026, 2, 3)


@pytest.fixture
def address(draft: Article) -> str:
    return reverse("desk:article_edit", args=[draft.pk])


@pytest.fixture
def begun(draft: Article, author: User) -> Article:
    """The draft with three paragraphs, at version 2: what both sides begin from."""
    draft.body = BODY
    return drafting.save(draft, by=author, base_version=1)


def save(article: Article, by: User, topics: list[Topic] | None = None, **changed: Any) -> Article:
    fresh = Article.objects.get(pk=article.pk)
    for name, value in changed.items():
        setattr(fresh, name, value)
    return drafting.save(fresh, by=by, base_version=fresh.version, topics=topics)


def stored(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def hidden(answer: HttpResponse) -> dict[str, str]:
    """What the page's form sends back by itself: hidden fields and the choices that are preset."""
    inputs = answer.context["fields"], answer.content.decode()
    page = inputs[1][inputs[1].index('class="join"') :]
    chosen = dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))
    named = dict(re.findall(r'type="hidden" name="(base_version|theirs_version|tab)" value="([^"]*)"', page))
    return dict(inputs[0]) | named | chosen


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def test_a_conflict_keeps_both_texts_and_saves_neither(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, body=text(ONE, TWO + " Mine.", THREE), comment="My change", topics="My topic")
    save(begun, editor, body=text(ONE, TWO + " Theirs.", THREE))
    answer = browser(author).post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Edda Editor saved version 3 while you were writing" in page
    assert "1 place was changed by both" in page
    assert "<ins>Mine." in page
    assert "<ins>Theirs." in page
    assert text(ONE, TWO + " Mine.", THREE) in page
    assert text(ONE, TWO + " Theirs.", THREE) in page
    assert hidden(answer)["comment"] == "My change"
    assert hidden(answer)["topics"] == "My topic"
    assert stored(begun).version == 3
    assert [row.fields["topics"] for row in autosaves.of(author, begun)] == ["My topic"]
    assert not Topic.objects.exists()


def test_what_only_one_side_changed_is_taken_and_the_joined_text_is_saved_on_the_newest(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, body=text(ONE + " Mine.", TWO, THREE), heading="My heading", comment="Why")
    theirs = save(begun, editor, body=text(ONE, TWO, THREE, "Four."), lead="Theirs [@beta].", searched_on=SEARCHED)
    client = browser(author)
    answer = client.post(address, mine)
    assert "Nothing was changed by both" in answer.content.decode()
    joined = client.post(address, hidden(answer) | {"join": "choose"})
    page = joined.content.decode()
    assert joined.status_code == 200
    assert "Put together, and not saved yet" in page
    assert stored(begun).version == 3, "it is looked at before it is saved"
    form = joined.context["form"]
    assert form["body"].value() == text(ONE + " Mine.", TWO, THREE, "Four.")
    assert (form["lead"].value(), form["heading"].value()) == ("Theirs [@beta].", "My heading")
    assert (form["searched_on"].value(), form["comment"].value()) == ("2026-02-03", "Why")
    assert (form["base_version"].value(), form["topics"].value()) == (theirs.version, "")
    row = autosaves.of(author, begun).get()
    assert (row.fields["body"], row.base_version) == (form["body"].value(), 3)
    assert client.get(f"{address}?take={row.tab}").context["form"]["body"].value() == form["body"].value()
    again = {name: form[name].value() or "" for name in form.fields}
    rows = {name: text for name, text in mine.items() if name.startswith("byline-")}
    assert client.post(address, again | rows | {"tab": row.tab}).status_code == 302
    assert (stored(begun).version, stored(begun).body) == (4, text(ONE + " Mine.", TWO, THREE, "Four."))
    assert not autosaves.of(author, begun)
    assert history.versions_of(begun).count() == 4


def test_a_collision_without_a_choice_is_asked_for_and_nothing_else_is_forgotten(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, body=text(ONE + " Mine.", TWO + " Mine.", THREE), lead="Mine.")
    save(begun, editor, body=text(ONE, TWO + " Theirs.", THREE + " Theirs."), lead="Theirs.")
    client = browser(author)
    form = hidden(client.post(address, mine))
    assert "choice-lead-1" not in form
    assert "choice-body-2" not in form
    form |= {"choice-body-1": "theirs", "choice-lead-1": "mine", "join": "choose"}
    answer = client.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#choice-body-2">Text: both changed this</a>' in page
    assert 'href="#choice-lead-1"' not in page
    assert hidden(answer)["choice-body-1"] == "theirs", "what was chosen stays chosen"
    joined = client.post(address, form | {"choice-body-2": "both"})
    assert joined.context["form"]["body"].value() == text(ONE, TWO + " Mine.", TWO + " Theirs.", THREE + " Theirs.")
    assert joined.context["form"]["lead"].value() == "Mine."


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_one_side_can_be_taken_whole(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent, side: str
) -> None:
    mine = sent(begun, body=text(ONE + " Mine.", TWO), question="Mine?", topics="Hearts", byline=[{"name": "Guest"}])
    topics = drafting.topics_named(["Lungs"])
    save(begun, editor, topics, body=text(ONE, TWO + " Theirs.", THREE), question="Theirs?", plain_heading="T")
    client = browser(author)
    joined = client.post(address, hidden(client.post(address, mine)) | {"join": side})
    form, rows = joined.context["form"], joined.context["byline"].initial
    if side == "mine":
        expected = (
            text(ONE + " Mine.", TWO),
            "Mine?",
            "Hearts",
            "",
            [{"name": "Guest", "credentials": "", "orcid": ""}],
        )
    else:
        expected = (text(ONE, TWO + " Theirs.", THREE), "Theirs?", "Lungs", "T", [{"user": author.pk}])
    assert (*(form[name].value() for name in ("body", "question", "topics", "plain_heading")), rows) == expected


def test_topics_can_be_put_together(browser: Browser, author, editor, begun: Article, address: str, sent) -> None:
    mine = sent(begun, topics="Hearts\nBoth")
    save(begun, editor, drafting.topics_named(["both", "Lungs"]))
    client = browser(author)
    form = hidden(client.post(address, mine))
    assert "choice-topics" not in form
    joined = client.post(address, form | {"choice-topics": "both", "join": "choose"})
    assert joined.context["form"]["topics"].value() == "Hearts\nBoth\nLungs"


def test_a_version_that_comes_later_still_is_met_the_same_way(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, body=text(ONE + " Mine.", TWO, THREE))
    save(begun, editor, body=text(ONE, TWO + " Theirs.", THREE))
    client = browser(author)
    form = hidden(client.post(address, mine))
    save(begun, editor, body=text(ONE, TWO + " Theirs.", THREE + " Later."))
    joined = client.post(address, form | {"join": "choose"})
    assert joined.context["form"]["base_version"].value() == 3, "the choices were made for that one"
    assert "Edda Editor saved version 4" in joined.content.decode()
    body = joined.context["form"]["body"].value()
    again = client.post(address, sent(begun, body=body, base_version=3))
    assert again.status_code == 409
    last = client.post(address, hidden(again) | {"join": "choose"})
    assert last.context["form"]["body"].value() == text(ONE + " Mine.", TWO + " Theirs.", THREE + " Later.")


def test_where_the_beginning_is_not_known_every_difference_is_to_be_decided(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, body=text(ONE + " Mine.", TWO, THREE))
    save(begun, editor, lead="Theirs [@beta].")
    Version.objects.get_for_object(begun).filter(pk=history.versions_of(begun)[1].pk).update(serialized_data="nonsense")
    client = browser(author)
    answer = client.post(address, mine)
    assert answer.status_code == 409
    assert "What both began from is not known" in answer.content.decode()
    assert {name for name in hidden(answer) if name.startswith("choice-")} == set()
    joined = client.post(
        address, hidden(answer) | {"choice-lead-1": "theirs", "choice-body-1": "mine", "join": "choose"}
    )
    assert joined.context["form"]["body"].value() == text(ONE + " Mine.", TWO, THREE)
    assert joined.context["form"]["lead"].value() == "Theirs [@beta]."


@pytest.mark.parametrize("changed", [{"theirs_version": "x"}, {"theirs_version": "99"}, {"theirs_version": "-1"}, {}])
def test_a_form_that_names_no_version_shows_the_newest(
    browser: Browser, author: User, editor: User, begun: Article, address: str, sent, changed: dict[str, str]
) -> None:
    mine = sent(begun, lead="Mine.")
    save(begun, editor, heading="Theirs")
    answer = browser(author).post(address, mine | {"join": "choose"} | changed)
    assert answer.status_code == 409
    assert stored(begun).version == 3


def test_ones_own_save_in_another_tab_is_said_to_be_so(browser: Browser, author, begun: Article, address, sent) -> None:
    mine = sent(begun, lead="Mine.")
    save(begun, author, heading="Mine, too")
    page = browser(author).post(address, mine).content.decode()
    assert "You saved version 3 elsewhere while this text was open." in page


def test_only_an_editors_form_joins_the_address(browser: Browser, author, editor, begun, address: str, sent) -> None:
    mine = sent(begun, lead="Mine.", slug="mine")
    save(begun, editor, slug="theirs", slug_is_set=True)
    asked = browser(editor).post(address, mine)
    assert 'name="choice-slug"' in asked.content.decode()
    joined = browser(editor).post(address, hidden(asked) | {"choice-slug": "theirs", "join": "choose"})
    assert joined.context["form"]["slug"].value() == "theirs"
    without = browser(author).post(address, {name: value for name, value in mine.items() if name != "slug"})
    assert 'name="choice-slug"' not in without.content.decode()


def test_a_text_that_cannot_be_saved_is_put_right_first(
    browser: Browser, author, editor, begun: Article, address: str, sent
) -> None:
    mine = sent(begun, lead="Mine.")
    save(begun, editor, heading="Theirs")
    client = browser(author)
    form = hidden(client.post(address, mine)) | {"join": "choose", "question": ""}
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "Mine.</textarea>" in answer.content.decode()
