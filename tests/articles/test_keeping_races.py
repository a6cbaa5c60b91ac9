"""Many saves and autosaves at once, on PostgreSQL with real threads: each is kept, or refused with its text kept."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse

from articles import autosaves, history, presence
from articles.models import Article, Autosave, Presence
from people.models import Role, User
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

SOAK = os.environ.get("SOAK") == "1"
ROUNDS = 100 if SOAK else 5
PEOPLE, SAVES = (50, 20) if SOAK else (8, 5)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_of_many_people_who_save_at_once_nobodys_text_is_lost(draft: Article, person) -> None:
    people = [person(f"Editor {number}", Role.EDITOR) for number in range(5)]
    address = reverse("desk:article_edit", args=[draft.pk])

    def save(by: User, text: str, base: int) -> int:
        client = Client()
        client.force_login(by)
        form = {"question": draft.question, "body": text, "base_version": base, "tab": f"{by.pk:032x}"}
        return client.post(address, form | {"byline-TOTAL_FORMS": 0, "byline-INITIAL_FORMS": 0}).status_code

    for number in range(ROUNDS):
        draft.refresh_from_db()
        texts = {by: f"Round {number} by {by.name}." for by in people}
        answers = at_once(*(lambda by=by: save(by, texts[by], draft.version) for by in people))  # type: ignore[misc]
        assert sorted(map(str, answers)) == ["302", "409", "409", "409", "409"]
        newest = history.versions_of(draft)[0]
        for by, answer in zip(people, answers, strict=True):
            waiting = [row.fields["body"] for row in autosaves.of(by, draft)]
            if answer == 302:
                assert (newest.field_dict["body"], newest.revision.user, waiting) == (texts[by], by, [])
            else:
                assert waiting == [texts[by]]
    draft.refresh_from_db()
    assert draft.version == ROUNDS + 1


def test_many_people_who_each_save_many_times_lose_nothing(draft: Article, person) -> None:
    """Each goes on from what they last saw: a save is a version of theirs, or refused with the text kept and shown."""
    people = [person(f"Editor {number}", Role.EDITOR) for number in range(PEOPLE)]
    address = reverse("desk:article_edit", args=[draft.pk])
    saved: dict[User, list[str]] = {by: [] for by in people}
    refused: dict[User, list[str]] = {by: [] for by in people}

    def work(by: User) -> None:
        client = Client()
        client.force_login(by)
        for number in range(SAVES):
            text, tab = f"Save {number} of {by.name}.", f"{by.pk * 1000 + number:032x}"
            base = Article.objects.values_list("version", flat=True).get(pk=draft.pk)
            form = {"question": draft.question, "body": text, "base_version": base, "tab": tab}
            answer = client.post(address, form | {"byline-TOTAL_FORMS": 0, "byline-INITIAL_FORMS": 0})
            assert answer.status_code in {302, 409}, answer.status_code
            if answer.status_code == 302:
                saved[by].append(text)
            else:
                assert text in answer.content.decode()
                refused[by].append(text)

    assert at_once(*(lambda by=by: work(by) for by in people)) == [None] * PEOPLE  # type: ignore[misc]
    draft.refresh_from_db()
    versions = [one for one in history.versions_of(draft) if one.field_dict["version"] > 1]
    assert len(versions) == draft.version - 1 == sum(map(len, saved.values()))
    for by in people:
        kept = [one.field_dict["body"] for one in versions if one.revision.user == by]
        assert kept[::-1] == saved[by]
        assert sorted(row.fields["body"] for row in autosaves.of(by, draft)) == sorted(refused[by])
        assert len(saved[by]) + len(refused[by]) == SAVES


def test_of_autosaves_at_once_the_newest_stays(draft: Article, author: User) -> None:
    for number in range(ROUNDS):

        def keep(order: int, tab: str = f"{number:032x}") -> Autosave:
            return autosaves.keep(
                draft, by=author, tab=tab, number=order, base_version=1, fields={"body": f"Text {order}"}
            )

        results = at_once(*(lambda order=order: keep(order) for order in (3, 1, 4, 2)))  # type: ignore[misc]
        assert all(isinstance(result, Autosave | autosaves.Older) for result in results), results
        assert Autosave.objects.get(tab=f"{number:032x}").fields == {"body": "Text 4"}


def test_a_save_and_an_older_autosave_at_once_leave_nothing_waiting(draft: Article, author: User) -> None:
    for number in range(ROUNDS):
        tab = f"{number:032x}"
        at_once(
            lambda tab=tab: autosaves.close(by=author, tab=tab, number=2),  # type: ignore[misc]
            lambda tab=tab: autosaves.keep(  # type: ignore[misc]
                draft, by=author, tab=tab, number=1, base_version=1, fields={"body": "Saved by now"}
            ),
        )
    assert not autosaves.of(author, draft)


def test_a_tab_that_calls_twice_at_once_is_there_once(draft: Article, author: User) -> None:
    results = at_once(*[lambda: presence.note(draft, by=author, tab="a" * 32)] * 4)
    assert results == [None] * 4
    assert Presence.objects.count() == 1
