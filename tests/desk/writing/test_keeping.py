"""What open editors send every few seconds, the texts that wait for their person, and who else is there."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import autosaves, drafting, presence
from articles.models import Article, Autosave, Presence
from people.models import Role, User

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
TAB, OTHER_TAB = "a" * 32, "b" * 32
KEEP = "/desk/writing/keep/"


@pytest.fixture
def address(draft: Article) -> str:
    return reverse("desk:article_edit", args=[draft.pk])


@pytest.fixture
def typed(sent: Any) -> Callable[..., dict[str, Any]]:
    """What the editor's script sends of an article whose form was changed."""

    def make(article: Article, *, tab: str = TAB, number: int = 1, **changed: Any) -> dict[str, Any]:
        return sent(article, **changed) | {"article": article.pk or "", "tab": tab, "number": number}

    return make


def save(article: Article, by: User, **changed: str) -> Article:
    fresh = Article.objects.get(pk=article.pk)
    for name, value in changed.items():
        setattr(fresh, name, value)
    return drafting.save(fresh, by=by, base_version=fresh.version)


# -- Keeping --------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_no_version(browser: Browser, author: User, draft: Article, typed) -> None:
    answer = browser(author).post(KEEP, typed(draft, lead="Half a sen", question="", number=1234))
    assert answer.status_code == 200
    assert (answer.json()["number"], answer.json()["person"]) == (1234, author.pk)
    row = Autosave.objects.get()
    assert (row.article, row.base_version, row.fields["lead"], row.fields["question"]) == (draft, 1, "Half a sen", "")
    assert row.fields["byline-0-user"] == str(author.pk)
    assert "csrfmiddlewaretoken" not in row.fields
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_call_without_a_text_only_says_that_the_editor_is_open(
    browser: Browser, author: User, draft: Article
) -> None:
    client = browser(author)
    answer = client.post(KEEP, {"article": draft.pk, "tab": TAB, "base_version": 1})
    assert answer.status_code == 200
    assert "number" not in answer.json()
    assert not Autosave.objects.exists()
    assert Presence.objects.get().person == author
    client.post(KEEP, {"article": draft.pk, "tab": TAB, "leave": "1"})
    assert not Presence.objects.exists()


def test_what_a_closed_tab_left_behind_is_kept_and_opens_nothing(browser: Browser, author, draft, typed) -> None:
    answer = browser(author).post(KEEP, typed(draft, lead="Left", late="1", offers="1"))
    assert [row.fields["lead"] for row in autosaves.of(author, draft)] == ["Left"]
    assert not Presence.objects.exists()
    assert "late" not in Autosave.objects.get().fields
    assert "that was not saved is here" not in answer.json()["offers"], "the tab that asks has it on its page"
    asked = browser(author).post(KEEP, {"article": draft.pk, "tab": OTHER_TAB, "base_version": 1, "offers": "1"})
    assert "that was not saved is here" in asked.json()["offers"]


def test_what_comes_too_late_is_refused_in_words(browser: Browser, author: User, draft: Article, typed) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, lead="Newer", number=5))
    older = client.post(KEEP, typed(draft, lead="Older", number=4))
    assert (older.status_code, older.json()["number"]) == (409, 5)
    assert "newer text" in older.json()["says"]
    autosaves.close(by=author, tab=TAB)
    closed = client.post(KEEP, typed(draft, lead="Older", number=4))
    assert closed.status_code == 410
    assert "saved or discarded" in closed.json()["says"]


def test_too_large_a_text_is_refused_in_words(browser: Browser, author: User, draft: Article, typed) -> None:
    answer = browser(author).post(KEEP, typed(draft, body="x" * 1_000_001))
    assert answer.status_code == 413
    assert "1000 kB" in answer.json()["says"]


@pytest.mark.parametrize("article", ["99999", "x", "-1", "9" * 30])
def test_an_article_that_is_not_ones_own_is_not_there(browser: Browser, author: User, draft, typed, article) -> None:
    assert browser(author).post(KEEP, typed(draft) | {"article": article}).status_code == 404
    assert not Autosave.objects.exists()


def test_nobody_keeps_a_text_in_somebody_elses_article(browser: Browser, person, draft: Article, typed) -> None:
    other = person("Olga Other", Role.AUTHOR)
    assert browser(other).post(KEEP, typed(draft)).status_code == 404
    assert not Autosave.objects.exists()
    assert not Presence.objects.exists()


def test_who_was_signed_out_is_told_so(draft: Article, typed) -> None:
    assert Client().post(KEEP, typed(draft)).status_code == 401
    assert Client().get(KEEP).status_code == 302


def test_a_fresh_token_lets_a_form_of_an_earlier_sign_in_go_on(author: User, draft: Article, typed) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    token = client.get(reverse("desk:article_edit", args=[draft.pk])).context["csrf_token"]
    client.cookies.pop("csrftoken")
    assert client.post(KEEP, typed(draft, csrfmiddlewaretoken=str(token))).status_code == 403
    answer = client.get(KEEP).json()
    assert answer["person"] == author.pk
    assert client.post(KEEP, typed(draft, csrfmiddlewaretoken=answer["token"])).status_code == 200


def test_a_call_asks_few_questions(
    browser: Browser, author: User, draft: Article, typed, person, django_assert_max_num_queries
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, number=1))
    for number in range(8):
        presence.note(draft, by=person(f"Person {number}"), tab=f"{number:032x}")
    with django_assert_max_num_queries(12):
        client.post(KEEP, typed(draft, number=2, lead="More"))


# -- Offers ---------------------------------------------------------------------------------------------------


def test_opening_the_editor_offers_what_was_not_saved_and_replaces_nothing(
    browser: Browser, author: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, lead="Half a sen", topics="Hearts"))
    page = client.get(address).content.decode()
    assert "that was not saved is here" in page
    assert f'href="{address}?take={TAB}"' in page
    assert f'href="/desk/writing/kept/{TAB}/"' in page
    assert "Alpha helps a little [@alpha].</textarea>" in page
    taken = client.get(f"{address}?take={TAB}").content.decode()
    assert "Half a sen</textarea>" in taken
    assert "Hearts</textarea>" in taken
    assert f'name="tab" value="{TAB}"' in taken
    assert "that was not saved is here" not in taken
    assert "Taken up, and not saved yet" in taken


def test_a_text_is_offered_to_its_person_alone(
    browser: Browser, author: User, editor: User, draft: Article, address: str, typed
) -> None:
    browser(author).post(KEEP, typed(draft, lead="Hers alone"))
    client = browser(editor)
    assert "that was not saved" not in client.get(address).content.decode()
    assert client.get(reverse("desk:kept", args=[TAB])).status_code == 404
    assert client.post(reverse("desk:kept", args=[TAB])).status_code == 404
    assert "Hers alone" not in client.get(f"{address}?take={TAB}").content.decode()
    assert Autosave.objects.get().closed_at is None


def test_what_says_the_same_as_what_is_saved_is_not_offered(
    browser: Browser, author: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft))
    assert "that was not saved" not in client.get(address).content.decode()


def test_a_new_answer_is_offered_where_new_ones_begin(browser: Browser, author: User, draft: Article, typed) -> None:
    client = browser(author)
    new = reverse("desk:article_new")
    client.post(KEEP, typed(Article(owner=author), question="Does delta help?", body="Perhaps"))
    page = client.get(new).content.decode()
    assert "“Does delta help?”" in page
    assert f'href="{new}?take={TAB}"' in page
    assert "Perhaps</textarea>" in client.get(f"{new}?take={TAB}").content.decode()
    shown = client.get(reverse("desk:kept", args=[TAB])).content.decode()
    assert "<ins>Perhaps</ins>" in shown


def test_the_differences_are_shown_and_the_text_can_be_discarded(
    browser: Browser, author: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, lead="Alpha helps a lot [@alpha]."))
    page = client.get(reverse("desk:kept", args=[TAB])).content.decode()
    assert "<ins>lot </ins>" in page
    assert "<del>little </del>" in page
    answer = client.post(reverse("desk:kept", args=[TAB]), follow=True)
    assert "is discarded" in answer.content.decode()
    assert "that was not saved is here" not in answer.content.decode()
    assert client.get(reverse("desk:kept", args=[TAB])).status_code == 404
    assert "waits no longer" in client.get(f"{address}?take={TAB}").content.decode()


def test_whatever_was_typed_comes_back_as_it_was(
    browser: Browser, author: User, editor: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    rows = [
        {"name": "Guest", "orcid": "12", "ORDER": 2},
        {"user": editor.pk, "ORDER": 1},
        {"name": "G", "DELETE": "on"},
    ]
    changed = {"question": "x" * 400, "searched_on": "soon", "follow_up_of": "nowhere?", "byline": rows}
    client.post(KEEP, typed(draft, **changed) | {"byline-TOTAL_FORMS": "many"})
    assert client.get(f"{address}?take={TAB}").status_code == 200
    client.post(KEEP, typed(draft, number=2, **changed))
    page = client.get(f"{address}?take={TAB}").content.decode()
    assert "x" * 400 in page
    assert 'value="soon"' in page
    assert page.index(f'<option value="{editor.pk}" selected>') < page.index('value="Guest"')
    assert 'value="G"' not in page
    assert client.get(reverse("desk:kept", args=[TAB])).status_code == 200


def test_a_question_that_one_may_not_see_is_not_told_by_its_address(
    browser: Browser, author: User, editor: User, draft: Article, typed
) -> None:
    drafting.save(Article(question="A secret draft?", owner=editor), by=editor, base_version=0)
    client = browser(author)
    client.post(KEEP, typed(draft, follow_up_of="a-secret-draft"))
    page = client.get(reverse("desk:kept", args=[TAB])).content.decode()
    assert "a-secret-draft" in page
    assert "A secret draft?" not in page


# -- Saving ---------------------------------------------------------------------------------------------------


def test_a_save_forgets_the_tabs_text_and_nothing_else(
    browser: Browser, author: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, lead="Half", number=1))
    client.post(KEEP, typed(draft, lead="Another draft", number=1, tab=OTHER_TAB))
    assert client.post(address, typed(draft, lead="Half and whole", number=2)).status_code == 302
    assert [row.tab for row in autosaves.of(author, draft)] == [OTHER_TAB]
    late = client.post(KEEP, typed(draft, lead="Half", number=1))
    assert late.status_code == 410
    page = client.get(address).content.decode()
    assert "It began from version 1; a newer one is saved." in page


def test_a_text_of_an_earlier_tab_that_is_saved_now_is_forgotten(
    browser: Browser, author: User, draft: Article, address: str, typed
) -> None:
    client = browser(author)
    client.post(KEEP, typed(draft, lead="Half"))
    client.post(address, typed(draft, lead="Half", tab=OTHER_TAB))
    save(draft, author, lead="Something else")
    assert "that was not saved" not in client.get(address).content.decode()


def test_the_first_save_of_a_new_answer_forgets_its_text(browser: Browser, author: User, typed) -> None:
    client = browser(author)
    form = typed(Article(owner=author), question="Does delta help?", byline=[{"user": author.pk}])
    client.post(KEEP, form)
    client.post(reverse("desk:article_new"), form | {"number": "2"})
    assert Article.objects.get().question == "Does delta help?"
    assert not autosaves.of(author, None)


@pytest.mark.parametrize(("changed", "status"), [({"preview": "1"}, 200), ({"searched_on": "soon"}, 422)])
def test_what_is_sent_and_not_saved_is_kept_without_javascript(
    browser: Browser, author: User, draft: Article, address: str, sent, changed, status
) -> None:
    client = browser(author)
    answer = client.post(address, sent(draft, lead="Typed") | changed)
    assert answer.status_code == status
    (row,) = autosaves.of(author, draft)
    assert row.fields["lead"] == "Typed"
    assert f'name="tab" value="{row.tab}"' in answer.content.decode(), "the page goes on with the same text"


# -- Who else is here -----------------------------------------------------------------------------------------


def test_others_are_told_of_with_since_when(browser: Browser, author: User, editor: User, draft, address: str) -> None:
    presence.note(draft, by=editor, tab=OTHER_TAB)
    presence.note(draft, by=author, tab="c" * 32)
    client = browser(author)
    here = client.post(KEEP, {"article": draft.pk, "tab": TAB, "base_version": 1}).json()["here"]
    assert "Edda Editor has this open, too, since" in here
    assert "You have this open in another tab" in here
    assert "Edda Editor has this open" in client.get(address).content.decode()
    Presence.objects.update(seen_at=timezone.now() - datetime.timedelta(seconds=21))
    here = client.post(KEEP, {"article": draft.pk, "tab": TAB, "base_version": 1}).json()["here"]
    assert "open" not in here


def test_a_version_that_was_saved_meanwhile_is_told_of_with_a_link(
    browser: Browser, author: User, editor: User, draft: Article
) -> None:
    client = browser(author)
    call = {"article": draft.pk, "tab": TAB, "base_version": 1}
    assert "saved version" not in client.post(KEEP, call).json()["here"]
    save(draft, editor, lead="Theirs")
    save(draft, editor, lead="Theirs again")
    here = client.post(KEEP, call).json()["here"]
    assert "Edda Editor saved version 3" in here
    link = here.split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Version 1 and Version 3" in client.get(link).content.decode()
    save(draft, author, lead="Mine")
    assert "You saved version 4 elsewhere" in client.post(KEEP, call).json()["here"]
