"""The library's screens: list, one work, its form, and the picker."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from articles.models import Article
from people.models import User
from references.models import Alias, Reference

Browser = Callable[[User], Client]
WORK = {
    "kind": "randomised-trial",
    "title": "Delta for beta",
    "authors": "Okafor, Ngozi\r\nWorld Health Organization\r\n{Pfizer, Inc.}",
    "container": "BMJ",
    "year": "2021",
    "month": "3",
    "doi": "https://doi.org/10.5555/DELTA",
    "status": "current",
}


def page_of(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


# -- Reading --------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered(browser: Browser, author: User, works: list[Reference]) -> None:
    works[2].kind, works[2].status = "book", "retracted"
    works[2].save()
    client = browser(author)
    assert "3 works" in page_of(client, "library")
    found = page_of(client, "library", q="https://doi.org/10.5555/BETA")
    assert "The beta trial" in found
    assert "The alpha trial" not in found
    for query in ({"kind": "book"}, {"status": "retracted"}):
        narrowed = page_of(client, "library", **query)
        assert "The gamma trial" in narrowed
        assert "The beta trial" not in narrowed
    assert "No work fits" in page_of(client, "library", q="zeta")


EVERY_PAGE = ["django_session", "people_user", "people_appointment"]
FRAME = ["articles_site", "people_notification", "reviews_part"]
"""What the frame of a page asks: the site's texts, how much news is unread, and what of it is closed to the person."""
PAGE = ["references_reference", "references_reference"]
"""The order of the list, then the rows of one page."""
WORDS = ["references_reference", "references_alias", "references_search"]
"""The key or identifier that the words may be, now or formerly, and the index."""
SAID = ["references_alias", "articles_citation", "references_check"]
"""What the list says of its rows: how often each is cited, under which keys, and how its checks ended."""


@pytest.mark.parametrize(
    ("name", "query", "asked"),
    [
        ("library", {}, ["references_reference", *PAGE, *SAID, *FRAME]),
        # What few works fit is counted from the rows that the index names.
        ("library", {"q": "work"}, [*WORDS, "references_reference", *PAGE, *SAID, *FRAME]),
        # Without words: what drafts cited last, which is nothing here, then what was added last.
        ("picker", {}, ["articles_citation", *PAGE]),
        ("picker", {"q": "work"}, [*WORDS, *PAGE]),
        (
            "reference",
            {},
            [
                "references_reference",
                "reversion_version",
                *["references_alias"] * 2,
                "references_event",
                *["references_relation"] * 2,
                "articles_citation",
                "references_likeness",
                "references_check",
                "references_merge",
                *FRAME,
            ],
        ),
    ],
)
def test_what_each_screen_asks_the_database(
    browser: Browser, author: User, works: list[Reference], name: str, query: dict[str, str], asked: list[str]
) -> None:
    for number in range(40):
        Reference.objects.create(key=f"work-{number}", title=f"Work {number}", authors=[{"family": "A", "given": "B"}])
    client = browser(author)
    args = [works[2].pk] if name == "reference" else []
    page_of(client, name, *args, **query)
    with CaptureQueriesContext(connection) as caught:
        page = page_of(client, name, *args, **query)
    assert "page=2" in page or name != "library"
    statements = [each["sql"].replace("FROM (SELECT", "") for each in caught]
    named = [
        "references_search" if "search_vector" in each else re.findall(r'FROM "?(\w+)"?', each)[0]
        for each in statements
    ]
    assert sorted(named) == sorted([*EVERY_PAGE, *asked])


def test_a_work_shows_its_citation_and_the_persons_articles_that_cite_it(
    browser: Browser, author: User, member: User, draft: Article, works: list[Reference]
) -> None:
    assert draft.question in page_of(browser(author), "reference", works[0].pk)
    assert draft.question in page_of(browser(author), "reference", works[1].pk)
    assert draft.question not in page_of(browser(author), "reference", works[2].pk)
    assert draft.question not in page_of(browser(member), "reference", works[0].pk), "a draft is its author's"
    assert "[@alpha]" in page_of(browser(author), "reference", works[0].pk)


def test_a_key_that_only_begins_alike_is_not_cited(browser: Browser, author: User, draft: Article) -> None:
    work = Reference.objects.create(key="alph", title="Another work")
    assert draft.question not in page_of(browser(author), "reference", work.pk)


# -- Writing --------------------------------------------------------------------------------------------------


def test_a_work_is_added_and_gets_a_key(browser: Browser, author: User) -> None:
    answer = browser(author).post(reverse("desk:reference_new"), WORK, follow=True)
    work = Reference.objects.get()
    assert "[@okafor-2021-delta]" in answer.content.decode()
    assert (work.key, work.doi, work.year, work.month) == ("okafor-2021-delta", "10.5555/delta", 2021, 3)
    assert work.authors == [
        {"family": "Okafor", "given": "Ngozi"},
        {"literal": "World Health Organization"},
        {"literal": "Pfizer, Inc."},
    ]
    version = Version.objects.get_for_object(work).get()
    assert version.revision.user == author


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"year": "next"}, "year"),
        ({"year": "", "month": "3"}, "month"),
        ({"doi": "not a doi"}, "doi"),
        ({"doi": "10.5555/alpha"}, "doi"),
        ({"key": "ALPHA"}, "key"),
        ({"key": "no[good]"}, "key"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"kind": "rumour"}, "kind"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(
    browser: Browser, author: User, works: list[Reference], changed: dict[str, str], field: str
) -> None:
    answer = browser(author).post(reverse("desk:reference_new"), WORK | {"container": "Kept journal"} | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert 'value="Kept journal"' in page
    assert Reference.objects.count() == 3


def editing(client: Client, work: Reference, **changes: str) -> HttpResponse:
    """Post the form of a work as the page gives it, with changes."""
    page = client.get(reverse("desk:reference_edit", args=[work.pk]))
    values = {name: "" if value is None else value for name, value in page.context["form"].initial.items()}
    return client.post(reverse("desk:reference_edit", args=[work.pk]), values | changes)


def test_a_work_is_edited_as_the_next_version(browser: Browser, author: User, works: list[Reference]) -> None:
    work = works[0]
    client = browser(author)
    assert "Alpha, Ann</textarea>" in client.get(reverse("desk:reference_edit", args=[work.pk])).content.decode()
    rare = {"editors": "Ed, Eve", "series": "Series 3", "nct": "https://clinicaltrials.gov/study/NCT01234567"}
    answer = editing(client, work, title="Delta for beta", type="report", comment="Title put right", **rare)
    assert answer.url == reverse("desk:reference", args=[work.pk])
    work.refresh_from_db()
    assert (work.key, work.title, work.type, work.status) == ("alpha", "Delta for beta", "report", "current")
    assert (work.editors, work.series, work.nct) == ([{"family": "Ed", "given": "Eve"}], "Series 3", "NCT01234567")
    newest = Version.objects.get_for_object(work).first()
    assert newest is not None
    assert (newest.revision.comment, newest.revision.user) == ("Title put right", author)


def test_a_changed_key_leaves_the_old_one_leading_here(browser: Browser, author: User, works: list[Reference]) -> None:
    client = browser(author)
    assert editing(client, works[0], key="anker-2021").status_code == 302
    assert Alias.objects.get(value="alpha").reference_id == works[0].pk
    page = page_of(client, "reference", works[0].pk)
    assert "[@anker-2021]" in page
    assert "[@alpha]" in page
    assert "The alpha trial" in page_of(client, "library", q="[@alpha]")


def test_a_save_over_a_newer_version_is_refused_and_shows_both(
    browser: Browser, author: User, editor: User, works: list[Reference]
) -> None:
    mine, theirs = browser(author), browser(editor)
    address = reverse("desk:reference_edit", args=[works[0].pk])
    values = {k: "" if v is None else v for k, v in mine.get(address).context["form"].initial.items()}
    assert editing(theirs, works[0], title="Their title", comment="Checked").status_code == 302
    answer = mine.post(address, values | {"title": "My title", "volume": "7"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert Reference.objects.get(pk=works[0].pk).title == "Their title"
    for words in ("Edda Editor saved this work", "<del>Their", "<ins>My", "My title</textarea>", 'value="7"'):
        assert words in page, words
    again = answer.context["form"].data
    assert mine.post(address, again).status_code == 302
    assert Reference.objects.get(pk=works[0].pk).title == "My title"


def test_the_rare_fields_are_open_where_they_say_something(
    browser: Browser, author: User, works: list[Reference]
) -> None:
    client = browser(author)
    assert "<details><summary>Books" in page_of(client, "reference_edit", works[0].pk)
    Reference.objects.filter(pk=works[0].pk).update(series="A series")
    assert "<details open><summary>Books" in page_of(client, "reference_edit", works[0].pk)


# -- The picker -----------------------------------------------------------------------------------------------


def test_the_picker_offers_citations_and_the_latest_first(
    browser: Browser, author: User, works: list[Reference]
) -> None:
    odd = Reference.objects.create(key="an odd key", title="Odd <b>title</b>", year=2020)
    page = page_of(browser(author), "picker")
    assert page.index('data-citation="[@{an odd key}]"') < page.index('data-citation="[@gamma]"')
    assert "Odd &lt;b&gt;title" in page
    assert odd.title not in page
    page = page_of(browser(author), "picker", q="beta alpha ann")
    assert 'data-citation="[@beta]"' in page, "every word fits: key and author"
    assert 'data-citation="[@gamma]"' not in page
    assert "No work fits" in page_of(browser(author), "picker", q="zeta")


def test_the_picker_shows_a_few_and_says_so(browser: Browser, author: User, works: list[Reference]) -> None:
    for number in range(20):
        Reference.objects.create(key=f"work-{number}", title=f"Work {number}")
    page = page_of(browser(author), "picker", q="work")
    assert page.count("data-citation=") == 12
    assert "more words find fewer" in page


# -- Who may ---------------------------------------------------------------------------------------------------


def test_the_board_reads_the_library_and_does_not_write_it(
    browser: Browser, member: User, works: list[Reference]
) -> None:
    client = browser(member)
    page = page_of(client, "library")
    assert reverse("desk:reference_new") not in page
    assert reverse("desk:reference_edit", args=[works[0].pk]) not in page_of(client, "reference", works[0].pk)
    for name, args in (("reference_new", []), ("reference_edit", [works[0].pk]), ("library_import", [])):
        address = reverse(f"desk:{name}", args=args)
        assert client.get(address).status_code == 403
        assert client.post(address, WORK).status_code == 403
    assert client.get(reverse("desk:picker")).status_code == 403


def test_strangers_see_nothing_of_the_library(browser: Browser, outsider: User, works: list[Reference]) -> None:
    for name, args in (("library", []), ("reference", [works[0].pk]), ("picker", []), ("library_import", [])):
        address = reverse(f"desk:{name}", args=args)
        assert browser(outsider).get(address).status_code == 403
        assert Client().get(address).status_code == 302
