"""The library's list: each filter finds what it says, a long list asks no more, and several works change at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision, Version

from articles.models import Article
from people.models import User
from references import bulk
from references.models import Alias, Check, Likeness, Reference, Relation

Browser = Callable[[User], Client]


def listed(client: Client, **query: object) -> list[str]:
    """The keys that the list shows, in its order."""
    answer = client.get(reverse("desk:library"), query)
    assert answer.status_code == 200
    return [work["key"] for work in answer.context["works"]]


def queries_of(client: Client, address: str, **headers: str) -> int:
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address, headers=headers).status_code == 200
    return len(caught)


def checked(work: Reference, source: str, outcome: str) -> None:
    Check.objects.create(reference=work, source=source, outcome=outcome, answered_at=timezone.now())


def shelf(number: int, *, first: int = 0) -> None:
    """So many works, each with something that the list says beside it."""
    for each in range(first, first + number):
        work = Reference.objects.create(
            key=f"work-{each}", title=f"Work {each}", year=1990, kind="guideline", status="retracted"
        )
        Alias.objects.create(reference=work, scheme=Alias.Scheme.KEY, value=f"old-{each}", written=f"old-{each}")
        checked(work, Check.Source.LINK, Check.Outcome.FLAGGED)
        checked(work, Check.Source.CROSSREF, Check.Outcome.FAILED)


# -- Filters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [("kind", "book", "kind"), ("status", "corrected", "status"), ("form", "report", "type")],
)
def test_a_column_narrows_the_list(
    browser: Browser, author: User, works: list[Reference], name: str, value: str, field: str
) -> None:
    Reference.objects.filter(pk=works[1].pk).update(**{field: value})
    assert listed(browser(author)) == ["alpha", "beta", "gamma"]
    assert listed(browser(author), **{name: value}) == ["beta"]


def test_only_the_flagged(browser: Browser, author: User, works: list[Reference]) -> None:
    Reference.objects.filter(pk=works[0].pk).update(status="superseded")
    Reference.objects.filter(pk=works[2].pk).update(status="retracted")
    assert listed(browser(author), only="flagged") == ["alpha", "gamma"]


def test_only_what_could_not_be_checked_and_broken_addresses(
    browser: Browser, author: User, works: list[Reference]
) -> None:
    checked(works[0], Check.Source.LINK, Check.Outcome.FLAGGED)
    checked(works[1], Check.Source.PUBMED, Check.Outcome.FAILED)
    checked(works[2], Check.Source.CROSSREF, Check.Outcome.FLAGGED)
    client = browser(author)
    assert listed(client, only="broken") == ["alpha"]
    assert listed(client, only="unchecked") == ["beta"]
    notes = {work["key"]: work["notes"] for work in client.get(reverse("desk:library")).context["works"]}
    assert notes == {"alpha": ["address broken"], "beta": ["could not be checked"], "gamma": []}


def test_only_the_old_of_a_kind(browser: Browser, author: User, works: list[Reference]) -> None:
    this_year = timezone.localdate().year
    Reference.objects.filter(pk=works[0].pk).update(kind="guideline", year=this_year - 6)
    Reference.objects.filter(pk=works[1].pk).update(kind="guideline", year=this_year - 5)
    Reference.objects.filter(pk=works[2].pk).update(kind="randomised-trial", year=1950)
    client = browser(author)
    assert listed(client, only="old") == ["alpha"]
    assert "old for its kind" in client.get(reverse("desk:library")).context["works"][0]["notes"]


def test_only_what_was_published_since(browser: Browser, author: User, works: list[Reference]) -> None:
    kinds = Relation.Kind
    for work, kind in zip(works, (kinds.PREPRINT_OF, kinds.NEWER_VERSION_OF, kinds.OLDER_VERSION_OF), strict=True):
        Relation.objects.create(reference=work, kind=kind, doi="10.5555/other", source="crossref")
    assert listed(browser(author), only="published") == ["alpha", "gamma"]


def test_only_the_likely_duplicates_that_nobody_judged(
    browser: Browser, author: User, editor: User, works: list[Reference]
) -> None:
    alpha, beta, gamma = works
    Likeness.objects.create(first=alpha, second=beta, rule="title", score=97)
    judged = {"dismissed_at": timezone.now(), "dismissed_by": editor}
    Likeness.objects.create(first=beta, second=gamma, rule="title", score=91, **judged)
    assert listed(browser(author), only="alike") == ["alpha", "beta"]


def test_only_those_without_an_identifier(browser: Browser, author: User, works: list[Reference]) -> None:
    Reference.objects.filter(pk=works[1].pk).update(doi=None)
    Reference.objects.filter(pk=works[2].pk).update(doi=None, pmid="123")
    assert listed(browser(author), only="no-identifier") == ["beta"]


def test_only_those_that_nothing_cites(browser: Browser, author: User, draft: Article, works: list[Reference]) -> None:
    client = browser(author)
    assert listed(client, only="unused") == ["gamma"]
    cited = {work["key"]: work["cited"] for work in client.get(reverse("desk:library")).context["works"]}
    assert cited == {"alpha": 1, "beta": 1, "gamma": 0}


def test_filters_and_words_narrow_together(browser: Browser, author: User, works: list[Reference]) -> None:
    Reference.objects.filter(pk__in=[works[0].pk, works[2].pk]).update(status="retracted")
    client = browser(author)
    assert listed(client, q="trial gamma", only="flagged") == ["gamma"]
    assert listed(client, q="beta", only="flagged") == []


def test_an_unknown_filter_narrows_nothing(browser: Browser, author: User, works: list[Reference]) -> None:
    query = {"kind": "rumour", "only": "all", "sort": "shoe-size", "page": "-1"}
    assert listed(browser(author), **query) == ["alpha", "beta", "gamma"]


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("key", ["alpha", "beta", "gamma"]),
        ("year", ["gamma", "beta", "alpha"]),
        ("newest", ["gamma", "beta", "alpha"]),
    ],
)
def test_the_list_is_ordered(
    browser: Browser, author: User, works: list[Reference], sort: str, keys: list[str]
) -> None:
    if sort == "newest":
        Reference.objects.filter(pk=works[2].pk).update(year=1990)
    assert listed(browser(author), sort=sort) == keys


# -- Pages and parts ------------------------------------------------------------------------------------------


def test_pages_follow_each_other_and_keep_the_filters(browser: Browser, author: User) -> None:
    shelf(31)
    client = browser(author)
    first = client.get(reverse("desk:library"), {"only": "flagged"})
    assert len(first.context["works"]) == 30
    assert "?only=flagged&amp;page=2" in first.content.decode()
    assert len(listed(client, only="flagged", page=2)) == 1
    assert len(listed(client, only="flagged", page=900)) == 1, "past the end is the last page"


def test_the_script_gets_the_works_alone(browser: Browser, author: User, works: list[Reference]) -> None:
    answer = browser(author).get(reverse("desk:library"), {"q": "beta"}, headers={"X-Fragment": "works"})
    page = answer.content.decode()
    assert "<html" not in page
    assert 'data-count="1 work fits."' in page
    assert 'data-narrowed="yes"' in page
    assert "X-Fragment" in answer["Vary"], "no cache may give one for the other"


@pytest.mark.parametrize("name", ["library", "picker"])
@pytest.mark.parametrize("query", ["", "?q=work"])
def test_a_long_list_asks_no_more_than_a_short_one(
    browser: Browser, author: User, db: None, name: str, query: str
) -> None:
    client = browser(author)
    shelf(1)
    address = reverse(f"desk:{name}") + query
    short = queries_of(client, address)
    shelf(29, first=1)
    assert queries_of(client, address) == short


# -- Several at once ------------------------------------------------------------------------------------------


def test_selected_works_get_another_kind_in_one_revision(
    browser: Browser, author: User, works: list[Reference]
) -> None:
    client, address = browser(author), reverse("desk:works_kind")
    before = Revision.objects.count()
    chosen = {"work": [works[0].pk, works[2].pk], "kind": "cohort"}
    question = client.get(address, chosen).content.decode()
    assert "Make 2 works each a cohort?" in question
    assert "The beta trial" not in question
    assert Reference.objects.filter(kind="cohort").count() == 0, "a question changes nothing"
    answer = client.post(address, chosen | {"comment": "Read again"}, follow=True)
    assert "2 works have the kind cohort now." in answer.content.decode()
    assert list(Reference.objects.filter(kind="cohort").order_by("pk")) == [works[0], works[2]]
    assert Revision.objects.count() == before + 1
    revision = Revision.objects.latest("pk")
    assert (revision.user, revision.comment) == (author, "Read again")
    of_works = Version.objects.get_for_model(Reference).filter(revision=revision)
    assert {int(version.object_id) for version in of_works} == {works[0].pk, works[2].pk}


def test_works_that_have_the_kind_get_no_version(browser: Browser, author: User, works: list[Reference]) -> None:
    answer = browser(author).post(
        reverse("desk:works_kind"), {"work": [works[0].pk], "kind": "randomised-trial"}, follow=True
    )
    assert "nothing changed" in answer.content.decode()
    assert not Version.objects.get_for_object(works[0]).exists()


@pytest.mark.parametrize("given", [{}, {"work": ["x", "-1", "9" * 30]}, {"work": ["1" * 18], "kind": "cohort"}])
def test_no_selection_says_so(browser: Browser, author: User, given: dict[str, object]) -> None:
    answer = browser(author).get(reverse("desk:works_kind"), given)
    assert "No work is selected" in answer.content.decode()


def test_an_unknown_kind_changes_nothing(browser: Browser, author: User, works: list[Reference]) -> None:
    answer = browser(author).post(reverse("desk:works_kind"), {"work": [works[0].pk], "kind": "rumour"})
    assert answer.status_code == 422
    assert "The alpha trial" in answer.content.decode()
    assert Reference.objects.get(pk=works[0].pk).kind == "randomised-trial"


def test_a_work_that_cannot_be_saved_stops_the_whole_change(
    browser: Browser, author: User, works: list[Reference], monkeypatch: pytest.MonkeyPatch
) -> None:
    save = bulk.save_reference

    def refuse(work: Reference, **rest: object) -> Reference:
        if work.pk == works[1].pk:
            raise ValidationError({"title": ["A work needs a title."]})
        return save(work, **rest)

    monkeypatch.setattr(bulk, "save_reference", refuse)
    answer = browser(author).post(reverse("desk:works_kind"), {"work": [work.pk for work in works], "kind": "cohort"})
    assert answer.status_code == 422
    assert "A work needs a title." in answer.content.decode()
    assert not Reference.objects.filter(kind="cohort").exists()


def test_the_board_changes_no_kinds(browser: Browser, member: User, works: list[Reference]) -> None:
    client = browser(member)
    assert client.get(reverse("desk:works_kind")).status_code == 403
    assert client.post(reverse("desk:works_kind"), {"work": [works[0].pk], "kind": "cohort"}).status_code == 403
    assert 'name="work"' not in client.get(reverse("desk:library")).content.decode()
