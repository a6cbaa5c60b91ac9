"""What is closed to somebody: who is excluded from the reviews of an answer finds it nowhere in the desk."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import circle, comments, drafting
from articles.models import Article, Edition, Publication
from people.models import Notification, Role, User
from readers.models import FollowUpQuestion
from references.models import Event
from reviews import asking, interests, workflow
from reviews.models import ReReview
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LISTS = ("home", "articles", "reviews", "reviews_due", "questions", "news", "dashboard")


@pytest.fixture
def closed(live: Edition, author: User, editor: User, person, works) -> User:
    """An editor and board member who is excluded from an answer that would stand in each of their lists.

    Its first edition is public, overdue, cites a flagged work and was asked about; its second waits to be published.
    """
    excluded = person("Mia Member", Role.BOARD_MEMBER, Role.EDITOR)
    other = person("Bea Board", Role.BOARD_MEMBER)
    draft = live.article
    draft.refresh_from_db()
    draft.body += "\n\nMore [@gamma].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    second = workflow.submit(draft, by=author)
    comments.open_thread(draft, by=author, text="What says Mia Member? @Mia")
    workflow.take_up(second, by=other)
    workflow.set_part(second, member=excluded, by=editor, grade="excluded", reason="A grant of the maker.")
    workflow.decide(second, by=other, kind="approve", password=PASSWORD)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Publication.objects.update(review_due_on=yesterday, is_overdue=True)
    event = Event.objects.create(reference=works[0], kind="retraction")
    ReReview.objects.create(article=draft, edition=live, event=event, opened_at=timezone.now())
    FollowUpQuestion.objects.create(article=draft, text="And in children?")
    return excluded


def titles(browser, person: User) -> dict[str, bool]:
    """For each list, whether it names the answer."""
    client = browser(person)
    question = Article.objects.get().question
    return {name: question in client.get(reverse(f"desk:{name}")).content.decode() for name in LISTS}


def test_no_list_names_what_is_closed(browser, closed, editor):
    seen = titles(browser, editor)
    assert {name for name, is_there in seen.items() if is_there} == set(LISTS) - {"reviews", "dashboard"}
    hidden = titles(browser, closed)
    # That they were excluded, and from what, they are told.
    assert hidden.pop("news")
    assert not any(hidden.values()), hidden
    page = browser(closed).get(reverse("desk:news")).content.decode()
    assert page.count(Article.objects.get().question) == 1
    assert "set your part in the review" in page


def test_news_of_before_is_neither_shown_nor_counted_nor_opened(browser, closed):
    before = Notification.objects.filter(person=closed).exclude(kind="part")
    assert {one.kind for one in before} >= {"submitted", "mention"}
    client = browser(closed)
    page = client.get(reverse("desk:home")).content.decode()
    assert Notification.objects.filter(person=closed, read_at=None).count() > 1
    assert "1 unread" in page or ">1<" in page
    for one in before:
        assert client.get(reverse("desk:news_piece", args=[one.pk])).status_code == 404


def test_nobody_is_told_anew_or_mentioned_to_whom_it_is_closed(closed, editor, live, author, member):
    Notification.objects.all().delete()
    draft = Article.objects.get()
    second = Edition.objects.get(number=2)
    comments.open_thread(draft, by=author, text="And what says @Mia?")
    workflow.publish(second, by=editor)
    workflow.add_notice(second, by=editor, kind="concern", text="One trial is doubted.")
    draft.body += "\n\nEven more [@beta].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    third = workflow.submit(draft, by=author)
    asking.ask(third, by=member, text="Which dose, @Mia?")
    assert closed not in circle.people_of(draft)
    assert closed not in asking.people_of(third)
    workflow.recuse(third, by=member, grade="no-vote", what="A fee", with_whom="Alpha")
    assert not Notification.objects.filter(person=closed).exists()
    assert Notification.objects.filter(person=editor).exists()


def test_who_is_given_a_part_again_finds_all_of_it(browser, closed, editor, author):
    draft = Article.objects.get()
    draft.refresh_from_db()
    workflow.publish(Edition.objects.get(number=2), by=editor)
    draft.body += "\n\nEven more [@beta].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    third = workflow.submit(draft, by=author)
    workflow.set_part(third, member=closed, by=editor, grade="full", reason="It was another.")
    assert interests.closed_to(closed) == frozenset()
    assert all(titles(browser, closed)[name] for name in ("home", "articles", "reviews", "news", "questions"))


def test_what_one_writes_is_never_closed(closed, live):
    draft = Article.objects.get()
    assert interests.closed_to(closed) == {draft.pk}
    assert interests.closed_for(draft.pk) == {closed.pk}
    drafting.save(draft, by=closed, base_version=draft.version)
    assert interests.closed_to(closed) == interests.closed_for(draft.pk) == frozenset()
