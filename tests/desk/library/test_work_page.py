"""The page of one work: what it says, what is known against the work, and reporting and dismissing that by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import reversion
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Edition
from desk.reviewing.flags import flags_of
from people.models import Role, User
from references import library
from references.models import Alias, Check, Event, Likeness, Reference, Relation, Report
from references.watching import flags

Browser = Callable[[User], Client]


def page_of(client: Client, work: Reference, **query: str) -> str:
    answer = client.get(reverse("desk:reference", args=[work.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def report(client: Client, work: Reference, **given: str) -> HttpResponse:
    return client.post(reverse("desk:reference_flag", args=[work.pk]), given, follow=True)


def dismiss(client: Client, event: Event, why: str) -> HttpResponse:
    return client.post(reverse("desk:flag_dismiss", args=[event.pk]), {"why": why}, follow=True)


# -- What the page says ---------------------------------------------------------------------------------------


def test_identifiers_lead_where_they_name(browser: Browser, author: User, works: list[Reference]) -> None:
    fields = {"pmid": "123", "pmcid": "PMC77", "nct": "NCT01234567", "url": "https://example.org/a"}
    Reference.objects.filter(pk=works[0].pk).update(**fields)
    page = page_of(browser(author), works[0])
    for address in (
        "https://doi.org/10.5555/alpha",
        "nlm.nih.gov/123",
        "PMC77",
        "NCT01234567",
        "https://example.org/a",
    ):
        assert address in page, address
    assert page.count('rel="noopener noreferrer"') == 5


def test_old_keys_stand_beside_the_citation(browser: Browser, author: User, works: list[Reference]) -> None:
    Alias.objects.create(reference=works[0], scheme=Alias.Scheme.KEY, value="first try", written="first try")
    page = page_of(browser(author), works[0])
    assert "These lead here, too:" in page
    assert "<code>[@{first try}]</code>" in page


def test_checks_say_what_each_source_answered(browser: Browser, author: User, works: list[Reference]) -> None:
    day = timezone.now()
    Check.objects.create(reference=works[0], source="crossref", outcome="clear", asked_at=day, answered_at=day)
    failed = {"outcome": "failed", "detail": "PubMed did not answer.", "asked_at": day}
    Check.objects.create(reference=works[0], source="pubmed", answered_at=day - timedelta(days=9), **failed)
    Check.objects.create(reference=works[0], source="link")
    page = page_of(browser(author), works[0])
    for words in ("Clear,", "could not check", "PubMed did not answer.", "It last answered on", "Not asked yet"):
        assert words in page, words
    assert "Nobody was asked yet" in page_of(browser(author), works[1])


def test_relations_and_likely_duplicates_lead_to_the_other_work(
    browser: Browser, author: User, member: User, works: list[Reference]
) -> None:
    alpha, beta, gamma = works
    Relation.objects.create(reference=alpha, kind="preprint-of", doi=beta.doi, other=beta, source="crossref")
    Likeness.objects.create(first=alpha, second=gamma, rule="title", score=96)
    page = page_of(browser(author), alpha)
    assert f'href="{reverse("desk:reference", args=[beta.pk])}"' in page
    assert "Perhaps the same work" in page
    assert "The gamma trial" in page
    assert reverse("desk:library_merge", args=[alpha.pk, gamma.pk]) in page
    assert reverse("desk:library_merge", args=[alpha.pk, gamma.pk]) not in page_of(browser(member), alpha)


def test_history_says_who_changed_what(browser: Browser, author: User, works: list[Reference]) -> None:
    library.save_reference(works[0], by=author, comment="As it came")
    works[0].title, works[0].volume = "The better trial", "12"
    library.save_reference(works[0], by=author, comment="Put right")
    page = page_of(browser(author), works[0])
    assert page.index("Put right") < page.index("As it came")
    assert "2 fields changed" in page
    assert "<del>alpha" in page
    assert "<ins>better" in page


def test_long_histories_are_cut_and_can_be_seen_whole(browser: Browser, author: User, works: list[Reference]) -> None:
    for number in range(13):
        works[0].volume = str(number)
        library.save_reference(works[0], by=author, comment=f"Change {number}.")
    page = page_of(browser(author), works[0])
    assert page.count("timeline__why") == 10
    assert "Change 2." not in page
    whole = page_of(browser(author), works[0], history="all")
    assert whole.count("timeline__why") == 13
    assert "Change 0." in whole


def test_a_draft_of_others_is_counted_and_not_named(
    browser: Browser, author: User, member: User, draft: Article, works: list[Reference]
) -> None:
    mine, theirs = page_of(browser(author), works[0]), page_of(browser(member), works[0])
    assert reverse("desk:article", args=[draft.pk]) in mine
    assert draft.question not in theirs
    assert "1 article of others that is not public cites it, too." in theirs
    assert "Nowhere: neither in a draft nor in an edition." in page_of(browser(author), works[2])


def test_a_public_answer_is_named_to_all(
    browser: Browser, person: Callable[..., User], live: Edition, works: list[Reference]
) -> None:
    page = page_of(browser(person("Arno Other", Role.AUTHOR)), works[0])
    assert reverse("readers:answer", args=[live.article.slug]) in page
    assert "live, in edition 1" in page
    assert reverse("desk:article", args=[live.article.pk]) not in page


# -- Flags by hand --------------------------------------------------------------------------------------------


def test_a_flag_is_reported_by_hand(browser: Browser, author: User, works: list[Reference]) -> None:
    client = browser(author)
    given = {"kind": "retraction", "notice": "https://doi.org/10.5555/NOTICE", "text": "Made up", "dated": "2024-02-03"}
    page = report(client, works[0], **given).content.decode()
    assert "The flag stands" in page
    event, said = Event.objects.get(), Report.objects.get()
    assert (event.reference, event.kind, event.dismissed_at, event.handled_at) == (works[0], "retraction", None, None)
    assert (said.source, said.by, said.notice, said.text) == (flags.DESK, author, "doi:10.5555/notice", "Made up")
    assert str(said.dated) == "2024-02-03"
    assert Reference.objects.get(pk=works[0].pk).status == "retracted"
    for words in ("notice of 3 Feb 2024", 'href="https://doi.org/10.5555/notice"', "Ada Author", "tag--red"):
        assert words in page, words
    again = report(client, works[0], **given).content.decode()
    assert "was flagged so already" in again
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"notice": "10.5555/n"}, "kind"),
        ({"kind": "rumour", "text": "x"}, "kind"),
        ({"kind": "retraction"}, "notice"),
        ({"kind": "retraction", "notice": "javascript:alert(1)"}, "notice"),
        ({"kind": "retraction", "text": "Kept words", "dated": "2999-01-01"}, "dated"),
        ({"kind": "retraction", "text": "Kept words", "dated": "some day"}, "dated"),
        ({"kind": "retraction", "text": "x" * 601}, "text"),
    ],
)
def test_a_flag_that_says_too_little_is_refused(
    browser: Browser, author: User, works: list[Reference], given: dict[str, str], field: str
) -> None:
    answer = report(browser(author), works[0], **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert given.get("text", "") in page
    assert not Event.objects.exists()


def test_an_editor_dismisses_a_flag_with_a_reason(
    browser: Browser, author: User, editor: User, works: list[Reference]
) -> None:
    event, _is_news = flags.report(works[0], kind="retraction", source="crossref", notice="doi:10.5555/n")
    client = browser(editor)
    assert reverse("desk:flag_dismiss", args=[event.pk]) in page_of(client, works[0])
    assert reverse("desk:flag_dismiss", args=[event.pk]) not in page_of(browser(author), works[0])
    refused = dismiss(client, event, "  ")
    assert refused.status_code == 422
    assert f'id="why-{event.pk}_error"' in refused.content.decode()
    assert "<details open>" in refused.content.decode()
    page = dismiss(client, event, "Another paper").content.decode()
    event.refresh_from_db()
    assert (event.dismissed_by, event.dismissed_why) == (editor, "Another paper")
    assert Reference.objects.get(pk=works[0].pk).status == "current"
    assert "Dismissed by Edda Editor" in page
    assert "Another paper" in page
    assert "Dismiss the flag" not in page


def test_who_may_flag_and_dismiss(browser: Browser, author: User, member: User, works: list[Reference]) -> None:
    event, _is_news = flags.report(works[0], kind="concern", source="crossref")
    assert dismiss(browser(author), event, "No").status_code == 403
    assert dismiss(browser(member), event, "No").status_code == 403
    assert report(browser(member), works[0], kind="retraction", text="So").status_code == 403
    event.refresh_from_db()
    assert event.dismissed_at is None


def test_what_stands_comes_before_what_was_dismissed(browser: Browser, editor: User, works: list[Reference]) -> None:
    flags.report(works[0], kind="correction", source="crossref")
    gone, _is_news = flags.report(works[0], kind="retraction", source="crossref")
    flags.dismiss(gone, by=editor, why="Another paper")
    page = page_of(browser(editor), works[0])
    assert page.index(">Correction<") < page.index("Retraction – dismissed")


def test_the_gravest_comes_first(browser: Browser, author: User, works: list[Reference]) -> None:
    for kind in ("concern", "retraction", "correction"):
        flags.report(works[0], kind=kind, source="crossref")
    page = page_of(browser(author), works[0])
    assert page.index(">Retraction<") < page.index(">Expression of concern<") < page.index(">Correction<")
    assert [flag.kind for flag in flags_of([works[0].pk])[works[0].pk]] == ["retraction", "concern", "correction"]


# -- Queries --------------------------------------------------------------------------------------------------


def test_a_page_with_much_to_say_asks_no_more(
    browser: Browser, author: User, draft: Article, works: list[Reference]
) -> None:
    work = works[0]

    def more(first: int, last: int) -> None:
        for number in range(first, last):
            other = Reference.objects.create(key=f"other-{number}", title=f"Other {number}", doi=f"10.5555/o{number}")
            Relation.objects.create(reference=work, kind="version-of", doi=other.doi, other=other, source="crossref")
            Likeness.objects.create(first=work, second=other, rule="title", score=95)
            Alias.objects.create(reference=work, scheme=Alias.Scheme.KEY, value=f"k{number}", written=f"k{number}")
            flags.report(work, kind="retraction", source=flags.DESK, notice=f"doi:10.5555/n{number}", by=author)
            with reversion.create_revision():
                reversion.set_user(author)
                reversion.add_to_revision(work)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(client, work)
        return len(caught)

    client = browser(author)
    page_of(client, work)
    more(0, 1)
    few = queries()
    more(1, 30)
    assert queries() == few
