"""Answers to look at again: the list on the desk, the entries on the publishing page, and their closing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from people.models import Role
from references.models import Alias, Event, Reference
from references.watching import flags
from reviews import alerts
from reviews.models import Part, ReReview

pytestmark = pytest.mark.django_db


def flag(key="alpha", kind="retraction"):
    flags.report(
        Reference.objects.get(key=key),
        kind=kind,
        source="crossref",
        notice="doi:10.5555/notice",
        text="Retracted: dose",
    )
    alerts.react()
    return ReReview.objects.get(event__reference__key=key, event__kind=kind)


def page_of(client, edition):
    return client.get(reverse("desk:publishing", args=[edition.article_id])).content.decode()


def send(client, entry, text):
    return client.post(reverse("desk:close_re_review", args=[entry.pk]), {f"entry-{entry.pk}-decision": text})


def test_the_editors_desk_shows_it_first(browser, editor, author, live):
    client = browser(editor)
    assert "Look again" not in client.get(reverse("desk:home")).content.decode()
    entry = flag()
    page = client.get(reverse("desk:home")).content.decode()
    assert page.index("Look again") < page.index("The alpha trial")
    assert "Retraction" in page
    assert f"{reverse('desk:publishing', args=[live.article_id])}#entry-{entry.pk}" in page
    assert "Nothing waits for an editor" not in page
    assert "Look again" not in browser(author).get(reverse("desk:home")).content.decode()


def test_the_page_says_what_happened_who_says_so_and_where_it_is_cited(browser, editor, live):
    entry = flag()
    page = page_of(browser(editor), live)
    slug = live.article.slug
    assert page.index('id="look-again"') < page.index('id="now"')
    assert f'href="{reverse("desk:reference", args=[entry.event.reference_id])}"' in page
    assert 'href="https://doi.org/10.5555/notice"' in page
    assert "Crossref" in page
    assert "Retracted: dose" in page
    assert f'href="/answers/{slug}/editions/1/#ref-1"' in page
    for place in ("cite-lead-1-1", "cite-1-1"):
        assert f'href="/answers/{slug}/editions/1/#{place}"' in page
        assert f'id="{place}"' in browser(editor).get(f"/answers/{slug}/editions/1/").content.decode()
    assert reverse("desk:article_edit", args=[live.article_id]) in page
    assert 'href="#withdraw"' in page
    assert 'id="withdraw"' in page


def test_a_work_under_a_former_key_is_found_in_the_edition(browser, editor, live):
    work = Reference.objects.get(key="alpha")
    Reference.objects.filter(pk=work.pk).update(key="alpha-2020", key_normal="alpha-2020")
    Alias.objects.create(scheme=Alias.Scheme.KEY, value="alpha", written="alpha", reference=work)
    flag("alpha-2020")
    assert "/editions/1/#ref-1" in page_of(browser(editor), live)


def test_an_editor_closes_it_with_a_decision_that_stays_in_sight(browser, editor, live):
    entry = flag()
    client = browser(editor)
    assert send(client, entry, "The beta trial carries it alone.").status_code == 302
    page = page_of(client, live)
    assert 'id="look-again"' not in page
    assert page.index("Looked at again") < page.index("The beta trial carries it alone.")
    assert "Edda Editor" in page.split("Looked at again")[1]
    assert "Look again" not in client.get(reverse("desk:home")).content.decode()


def test_an_excluded_editor_neither_reads_nor_closes_it(browser, person, editor, live):
    entry = flag()
    excluded = person("Eve Excluded", Role.EDITOR)
    said = {"grade": "excluded", "member_name": excluded.name, "reason": "A cousin."}
    Part.objects.create(article_id=live.article_id, edition=live, member=excluded, by=editor, **said)
    for text in ("", "It stands."):
        response = send(browser(excluded), entry, text)
        assert response.status_code == 403
        assert "Does alpha help" not in response.content.decode()
    entry.refresh_from_db()
    assert entry.closed_at is None


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_without_a_decision_there_is_a_sentence_beside_the_field_and_the_text_comes_back(browser, editor, live, text):
    entry = flag()
    other = flag(kind="concern")
    response = send(browser(editor), entry, text)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_entry-{entry.pk}-decision_error"' in page
    assert f'id="id_entry-{other.pk}-decision_error"' not in page
    assert f"{text.strip()}</textarea>" in page
    assert ReReview.objects.filter(closed_at=None).count() == 2


def test_what_was_closed_meanwhile_says_by_whom_and_keeps_the_text(browser, editor, person, live):
    from people.models import Role

    entry = flag()
    alerts.close(entry, by=person("Emil Editor", Role.EDITOR), decision="Withdrawn soon.")
    response = send(browser(editor), entry, "My own words.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Emil Editor closed this on" in page
    assert "My own words." in page
    assert ReReview.objects.get().decision == "Withdrawn soon."


def test_authors_and_the_board_read_it_and_have_no_form(browser, author, member, live):
    entry = flag()
    for person in (author, member):
        page = page_of(browser(person), live)
        assert "The alpha trial" in page.split('id="look-again"')[1]
        assert "close_re_review" not in page
        assert f"entry-{entry.pk}-decision" not in page
        assert send(browser(person), entry, "Fine.").status_code == 403
    assert ReReview.objects.get().closed_at is None


def test_a_flag_that_was_lifted_is_said_to_be(browser, editor, author, live):
    flag()
    flags.dismiss(Event.objects.get(), by=author, why="Another trial of that name.")
    alerts.react()
    page = page_of(browser(editor), live)
    assert "The flag was lifted:" in page
    assert "Another trial of that name." in page
    assert "the flag was lifted" in browser(editor).get(reverse("desk:home")).content.decode()


def test_many_entries_ask_no_more_questions_than_one(browser, editor, live, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser(editor)
    flag()
    counts = []
    for kind in ("concern", None):
        with CaptureQueriesContext(connection) as queries:
            page_of(client, live)
            client.get(reverse("desk:home"))
        counts.append(len(queries))
        if kind:
            flag(kind=kind)
            flag("beta")
    assert counts[0] == counts[1]
