"""The dashboard: what each figure counts, its page for nobody's data and for much, and its files."""

from __future__ import annotations

import csv
import datetime
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import drafting
from articles.models import Article, Publication
from desk.dashboard import views
from desk.dashboard.figures import FIGURES, shown
from people.models import Appointment, Role, User
from references.models import Event, Reference
from reviews import figures, workflow
from reviews.models import ReReview, Review
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)


@pytest.fixture
def write(author, works):
    """Another article that may be submitted."""

    def make(number):
        texts = {"heading": "Yes", "lead": "It helps [@alpha].", "body": "## Evidence\n\nTwo trials agree [@beta].\n"}
        article = Article(question=f"Does alpha help in case {number}?", owner=author, **texts)
        return drafting.save(article, by=author, base_version=0)

    return make


@pytest.fixture
def decided(write, author, member):
    """An edition that the board decided on: `decided(number, on=…, days=…, kind="decline")`."""

    def make(number, *, on, days, kind="approve"):
        edition = workflow.submit(write(number), by=author)
        workflow.take_up(edition, by=member)
        workflow.decide(edition, by=member, kind=kind, password=PASSWORD, comment="So be it.")
        Review.objects.filter(edition=edition).update(submitted_at=on - datetime.timedelta(days=days), decided_at=on)
        return edition

    return make


def test_the_time_to_decision_by_month(decided):
    november, september = NOW - datetime.timedelta(days=5), NOW - datetime.timedelta(days=70)
    for number, (on, days) in enumerate([(november, 2), (november, 4), (november, 9), (september, 20)]):
        decided(number, on=on, days=days, kind="approve" if number else "decline")
    told = figures.decisions(NOW)
    assert len(told.months) == 12
    assert told.months[0].first == datetime.date(2025, 12, 1)
    last = told.months[-1]
    assert (last.first, last.decided, last.lower, last.median, last.upper) == (
        datetime.date(2026, 11, 1),
        3,
        3.0,
        4.0,
        6.5,
    )
    one = told.months[-3]
    assert (one.decided, one.lower, one.median, one.upper) == (1, 20.0, 20.0, 20.0)
    assert told.months[-2].median is None
    assert (told.decided, told.median) == (4, 6.5)


def test_what_was_long_ago_pulled_back_or_not_decided_is_no_decision_of_the_year(decided, write, author):
    decided(1, on=NOW - datetime.timedelta(days=400), days=3)
    workflow.pull_back(workflow.submit(write(2), by=author), by=author)
    workflow.submit(write(3), by=author)
    Review.objects.filter(state="pulled_back").update(decided_at=NOW - datetime.timedelta(days=3))
    assert figures.decisions(NOW).decided == 0


@pytest.mark.parametrize(
    ("days", "group"), [(0, 0), (6.9, 0), (7, 1), (13.9, 1), (14, 2), (28, 3), (55.9, 3), (56, 4), (900, 4)]
)
def test_open_rounds_fall_into_one_group_by_their_age(write, author, member, days, group):
    waiting, taken = (workflow.submit(write(number), by=author) for number in (1, 2))
    workflow.take_up(taken, by=member)
    Review.objects.update(submitted_at=NOW - datetime.timedelta(days=days))
    counts = [one.counts for one in figures.open_rounds(NOW)]
    assert counts == [(1, 1) if place == group else (0, 0) for place in range(5)]


def test_a_decided_round_is_open_no_more(decided):
    decided(1, on=NOW, days=3)
    assert sum(sum(one.counts) for one in figures.open_rounds(NOW)) == 0


@pytest.mark.parametrize(("days", "group"), [(0, None), (-3, None), (1, 0), (30, 0), (31, 1), (91, 2), (181, 3)])
def test_overdue_reviews_fall_into_one_group_by_their_lateness(live, days, group):
    Publication.objects.update(review_due_on=NOW.date() - datetime.timedelta(days=days))
    assert [one.counts[0] for one in figures.waiting_again(NOW)] == [int(place == group) for place in range(4)]


def test_a_withdrawn_answer_is_not_overdue(live, editor):
    Publication.objects.update(review_due_on=NOW.date() - datetime.timedelta(days=3))
    workflow.withdraw(live, by=editor, explanation="It is wrong.")
    assert sum(one.counts[0] for one in figures.waiting_again(NOW)) == 0


def test_flagged_works_wait_until_an_editor_decides(live, editor):
    event = Event.objects.create(reference=Reference.objects.get(key="alpha"), kind="retraction")
    row = ReReview.objects.create(article_id=live.article_id, edition=live, event=event, opened_at=NOW)
    assert [one.counts[1] for one in figures.waiting_again(NOW)] == [1, 0, 0, 0]
    later = NOW + datetime.timedelta(days=40)
    assert [one.counts[1] for one in figures.waiting_again(later)] == [0, 1, 0, 0]
    row.closed_at, row.closed_by, row.decision = NOW, editor, "It stands."
    row.save()
    assert sum(one.counts[1] for one in figures.waiting_again(NOW)) == 0


def test_the_load_of_each_member(decided, write, author, member, second_member, editor):
    decided(1, on=timezone.now(), days=3)
    workflow.take_up(workflow.submit(write(2), by=author), by=member)
    assert [(one.name, one.in_hand, one.signed) for one in figures.load()] == [
        ("Ben Board", 1, 1),
        ("Cora Council", 0, 0),
    ]
    next_year = timezone.now() + datetime.timedelta(days=366)
    assert [(one.name, one.signed) for one in figures.load(next_year)] == [("Ben Board", 0), ("Cora Council", 0)]


def test_a_round_that_its_member_signed_is_in_hand_no_more(decided, member):
    decided(1, on=timezone.now(), days=3)
    Review.objects.update(state="under_review", decided_at=None)
    assert [(one.in_hand, one.signed) for one in figures.load()] == [(0, 1)]


def test_who_left_the_board_with_a_round_in_hand_is_still_named(under_review, member, second_member):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Appointment.objects.update(starts_on=yesterday, ends_on=yesterday)
    assert [(one.name, one.is_member, one.in_hand) for one in figures.load()] == [("Ben Board", False, 1)]


def test_where_the_answers_stand(decided, write, author, member, editor, live):
    workflow.release_with_caution(workflow.submit(write(1), by=author), by=editor, reason="Tonight.")
    write(2)
    article = Article.objects.get(pk=live.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    assert figures.standings() == {"live": 1, "caution": 1, figures.NEVER: 1}
    assert figures.states() == {"approved": 1, "submitted": 1, figures.NEVER: 1}
    workflow.submit(Article.objects.get(pk=article.pk), by=author)
    assert figures.states() == {"submitted": 2, figures.NEVER: 1}


def _page(client):
    response = client.get(reverse("desk:dashboard"))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_a_site_without_anything(browser, editor):
    html = _page(browser(editor))
    assert "No decision in the last 12 months." in html
    assert html.count("There is nothing to count yet.") == 3, "time, load, and the table of the load"
    assert html.count('<svg class="chart"') == 4


def test_each_chart_has_a_name_and_its_table(browser, editor, decided, write, author):
    decided(1, on=timezone.now(), days=3)
    html = _page(browser(editor))
    names = re.findall(r'<svg class="chart"[^>]*role="img" aria-label="([^"]+)"', html)
    assert len(names) == len(FIGURES)
    assert names[0] == "Time to decision. 1 decision in the last 12 months; the median took 3.0 days."
    assert html.count("<details") == html.count("<table") == len(FIGURES)
    assert "style=" not in html
    for slug in FIGURES:
        assert reverse("desk:dashboard_csv", args=[slug]) in html


def test_as_many_queries_for_many_as_for_few(
    browser, editor, decided, write, author, person, django_assert_num_queries
):
    client = browser(editor)
    decided(0, on=timezone.now(), days=3)
    client.get(reverse("desk:dashboard"))
    # Session, person, roles, the site's texts, unread news; then seven for six figures.
    with django_assert_num_queries(21):
        client.get(reverse("desk:dashboard"))
    for number in range(1, 5):
        decided(number, on=timezone.now(), days=number)
        person(f"Member {number}", Role.BOARD_MEMBER)
        write(f"draft {number}")
    with django_assert_num_queries(21):
        client.get(reverse("desk:dashboard"))


def test_days_are_rounded_on_the_page():
    assert [shown(days) for days in (4.89, 2.9997, 0.04)] == ["4.9", "3.0", "0.0"]


def _csv(client, slug):
    response = client.get(reverse("desk:dashboard_csv", args=[slug]))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'attachment; filename="{slug}-' in response["Content-Disposition"]
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_is_a_file_with_its_table(browser, editor, slug, decided):
    decided(1, on=timezone.now(), days=3)
    rows = _csv(browser(editor), slug)
    figure = FIGURES[slug]()
    assert rows[0] == list(figure.columns)
    assert len(rows) == len(figure.rows) + 1
    assert {len(row) for row in rows} == {len(figure.columns)}


def test_months_and_days_in_a_file_are_for_machines(browser, editor, decided):
    decided(1, on=timezone.now(), days=3)
    rows = _csv(browser(editor), "time-to-decision")
    assert rows[-1] == [f"{timezone.localdate():%Y-%m}", "1", "3.00", "3.00", "3.00"]
    assert rows[-2][1:] == ["0", "", "", ""]


def test_a_name_that_looks_like_a_formula_is_none_in_the_file(browser, editor, member, person):
    User.objects.filter(pk=member.pk).update(name='=HYPERLINK("http://x.example")')
    names = [row[0] for row in _csv(browser(editor), "load")]
    assert names == ["Member", '\'=HYPERLINK("http://x.example")']


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_words_that_begin_like_a_formula_are_defused(words):
    assert views.defused(words) == f"'{words}"
    assert views.defused(f"a {words}") == f"a {words}"


def test_a_figure_that_there_is_none_of(browser, editor):
    assert browser(editor).get(reverse("desk:dashboard_csv", args=["nothing"])).status_code == 404


def test_the_chief_editor_reads_it_too(browser, person):
    assert _page(browser(person("Chris Chief", Role.CHIEF_EDITOR)))
