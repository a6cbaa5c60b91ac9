"""Texts that are kept apart from the versions, and who has an article open."""

from __future__ import annotations

import datetime

import pytest
import reversion
from django.db import IntegrityError, transaction
from django.utils import timezone
from reversion.models import Version

from articles import autosaves, presence
from articles.models import Article, Autosave, Contributor, Presence
from people.models import User
from reviews import tasks

pytestmark = pytest.mark.django_db

TAB, OTHER_TAB = "a" * 32, "b" * 32


def keep(
    article: Article | None, by: User, number: int = 1, *, tab: str = TAB, text: str = "Typed.", **more
) -> Autosave:
    return autosaves.keep(article, by=by, tab=tab, number=number, base_version=1, fields={"lead": text}, **more)


def texts(person: User, article: Article | None) -> list[str]:
    return [row.fields["lead"] for row in autosaves.of(person, article)]


def test_an_autosave_is_no_save(draft: Article, editor: User) -> None:
    keep(draft, editor)
    draft.refresh_from_db()
    assert (draft.version, draft.lead) == (1, "Alpha helps a little [@alpha].")
    assert not reversion.is_registered(Autosave)
    assert Version.objects.get_for_object(draft).count() == 1
    assert not Contributor.objects.filter(user=editor).exists(), "four eyes ask who saved, not who typed"


def test_a_tab_has_one_row_with_its_newest_text(draft: Article, author: User) -> None:
    keep(draft, author, 1, text="One")
    keep(draft, author, 5, text="Five")
    with pytest.raises(autosaves.Older) as older:
        keep(draft, author, 4, text="Four")
    assert (older.value.number, older.value.is_closed) == (5, False)
    assert texts(author, draft) == ["Five"]


def test_two_tabs_of_one_person_do_not_overwrite_each_other(draft: Article, author: User) -> None:
    keep(draft, author, 9, text="In the first tab")
    keep(draft, author, 1, text="In the second tab", tab=OTHER_TAB)
    assert sorted(texts(author, draft)) == ["In the first tab", "In the second tab"]


def test_people_and_new_answers_are_apart(draft: Article, author: User, editor: User) -> None:
    keep(draft, author, text="Hers")
    keep(draft, editor, text="Theirs")
    keep(None, author, tab=OTHER_TAB, text="New")
    assert (texts(author, draft), texts(editor, draft), texts(author, None)) == (["Hers"], ["Theirs"], ["New"])


def test_what_was_saved_is_forgotten_and_a_late_arrival_does_not_bring_it_back(draft: Article, author: User) -> None:
    keep(draft, author, 3)
    autosaves.close(by=author, tab=TAB, number=4)
    assert texts(author, draft) == []
    assert Autosave.objects.get().fields == {}
    with pytest.raises(autosaves.Older) as older:
        keep(draft, author, 4)
    assert older.value.is_closed
    keep(draft, author, 5, text="Typed on")
    assert texts(author, draft) == ["Typed on"]


def test_a_save_of_an_older_text_does_not_forget_a_newer_one(draft: Article, author: User) -> None:
    keep(draft, author, 7, text="Newer")
    autosaves.close(by=author, tab=TAB, number=4)
    assert texts(author, draft) == ["Newer"]


def test_a_save_that_comes_before_its_autosave_closes_the_tab(draft: Article, author: User) -> None:
    autosaves.close(by=author, tab=TAB, number=4)
    with pytest.raises(autosaves.Older):
        keep(draft, author, 3)
    assert texts(author, draft) == []


@pytest.mark.parametrize(
    ("tab", "number", "text"),
    [("A" * 32, 1, "x"), ("a" * 31, 1, "x"), ("", 1, "x"), (TAB, 0, "x"), (TAB, 2**53, "x"), (TAB, 1, "é" * 500_001)],
)
def test_what_cannot_be_kept_is_refused_in_words(
    draft: Article, author: User, tab: str, number: int, text: str
) -> None:
    with pytest.raises(autosaves.Refused):
        keep(draft, author, number, tab=tab, text=text)
    assert not Autosave.objects.exists()


def test_any_character_that_can_be_sent_can_be_kept(draft: Article, author: User) -> None:
    keep(draft, author, text="a\x00b\u2028c\ufffe d 🜚")
    assert texts(author, draft) == ["ab\u2028c\ufffe d 🜚"]


def test_a_text_longer_than_an_article_may_be_is_kept(draft: Article, author: User) -> None:
    keep(draft, author, text="x" * 900_000)
    assert len(texts(author, draft)[0]) == 900_000


def test_the_oldest_of_very_many_go(draft: Article, author: User) -> None:
    now = timezone.now()
    for number in range(autosaves.MOST + 2):
        keep(draft, author, tab=f"{number:032x}", text=str(number), at=now + datetime.timedelta(minutes=number))
    assert len(texts(author, draft)) == autosaves.MOST
    assert "0" not in texts(author, draft)
    assert str(autosaves.MOST + 1) in texts(author, draft)


def test_the_sweep_forgets_what_nobody_came_back_for(draft: Article, author: User) -> None:
    now = timezone.now()
    keep(draft, author, at=now - autosaves.KEPT_FOR - datetime.timedelta(minutes=1))
    keep(draft, author, tab=OTHER_TAB, text="Younger", at=now - autosaves.KEPT_FOR + datetime.timedelta(minutes=1))
    presence.note(draft, by=author, tab=TAB, at=now - presence.KEPT_FOR - datetime.timedelta(minutes=1))
    tasks.sweep()
    assert texts(author, draft) == ["Younger"]
    assert not Presence.objects.exists()


def test_a_closed_row_holds_no_text(draft: Article, author: User) -> None:
    row = keep(draft, author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Autosave.objects.filter(pk=row.pk).update(closed_at=timezone.now())


# -- Presence -------------------------------------------------------------------------------------------------


def test_who_is_heard_of_is_here_and_who_falls_silent_is_not(draft: Article, author: User, editor: User) -> None:
    start = timezone.now()
    later = [start + datetime.timedelta(seconds=seconds) for seconds in (0, 15, 34, 36)]
    presence.note(draft, by=editor, tab=OTHER_TAB, at=later[0])
    presence.note(draft, by=editor, tab=OTHER_TAB, at=later[1])
    (here,) = presence.others(draft, besides=TAB, at=later[2])
    assert (here.person, here.since) == (editor, start)
    assert not presence.others(draft, besides=TAB, at=later[3])
    presence.note(draft, by=editor, tab=OTHER_TAB, at=later[3])
    assert presence.others(draft, besides=TAB, at=later[3]).get().since == later[3], "it was opened anew"


def test_ones_own_other_tab_counts_and_this_one_does_not(draft: Article, author: User) -> None:
    presence.note(draft, by=author, tab=TAB)
    presence.note(draft, by=author, tab=OTHER_TAB)
    assert [row.tab for row in presence.others(draft, besides=TAB)] == [OTHER_TAB]
    presence.leave(by=author, tab=OTHER_TAB)
    assert not presence.others(draft, besides=TAB)
