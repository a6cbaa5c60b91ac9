"""The publishing page and the editor's moves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import drafting
from articles.models import Article, Notice, Publication, Standing
from people.models import Appointment, Role
from reviews import workflow

pytestmark = pytest.mark.django_db


def _page(client, edition):
    return client.get(reverse("desk:publishing", args=[edition.article_id]))


def _post(client, edition, name, **fields):
    return client.post(reverse(f"desk:{name}", args=[edition.pk]), fields)


def test_publishes_an_approved_edition(browser, editor, approved):
    client = browser(editor)
    assert "Publish edition 1" in _page(client, approved).content.decode()
    response = _post(client, approved, "publish", **{"publish-note": "The dose was corrected."})
    assert response.status_code == 302
    publication = Publication.objects.get()
    assert publication.standing == Standing.LIVE
    assert publication.change_note == "The dose was corrected."
    page = _page(client, approved).content.decode()
    assert f'href="/answers/{publication.slug}/"' in page
    assert "Publish edition 1" not in page


def test_an_edition_that_is_not_approved_is_refused_and_the_note_kept(browser, editor, submitted):
    response = _post(browser(editor), submitted, "publish", **{"publish-note": "Words for readers."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "is not approved" in page
    assert "Words for readers." in page
    assert not Publication.objects.exists()


def test_releases_with_caution_with_a_reason(browser, editor, submitted):
    client = browser(editor)
    assert "Release edition 1 with caution" in _page(client, submitted).content.decode()
    response = _post(client, submitted, "release")
    assert response.status_code == 422
    assert "Say why, in a sentence" in response.content.decode()
    assert not Publication.objects.exists()
    assert _post(client, submitted, "release", **{"release-reason": "Needed tonight."}).status_code == 302
    assert Publication.objects.get().standing == Standing.CAUTION


def test_an_editor_who_wrote_on_it_does_not_release_it(browser, editor, author, draft):
    drafting.save(draft, by=editor, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    client = browser(editor)
    assert "(four eyes)" in _page(client, edition).content.decode()
    response = _post(client, edition, "release", **{"release-reason": "I know it is right."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "(four eyes)" in page
    assert "I know it is right." in page
    assert not Publication.objects.exists()


def test_withdraws_with_a_public_explanation(browser, editor, live):
    client = browser(editor)
    response = _post(client, live, "withdraw")
    assert response.status_code == 422
    assert Publication.objects.get().standing == Standing.LIVE
    assert _post(client, live, "withdraw", **{"withdraw-explanation": "The dose is wrong."}).status_code == 302
    publication = Publication.objects.get()
    assert publication.standing == Standing.WITHDRAWN
    assert publication.explanation == "The dose is wrong."
    assert "The dose is wrong." in _page(client, live).content.decode()


def test_withdrawing_twice_is_refused_with_the_text_kept(browser, editor, live):
    workflow.withdraw(live, by=editor, explanation="Once.")
    response = _post(browser(editor), live, "withdraw", **{"withdraw-explanation": "Twice."})
    assert response.status_code == 409
    assert "Twice." in response.content.decode()
    assert Publication.objects.get().explanation == "Once."


def test_adds_a_notice(browser, editor, live):
    client = browser(editor)
    assert _post(client, live, "add_notice", **{"notice-text": "What kind?"}).status_code == 422
    fields = {"notice-kind": "correction", "notice-text": "Table 2 was wrong."}
    assert _post(client, live, "add_notice", **fields).status_code == 302
    assert Notice.objects.get().text == "Table 2 was wrong."
    assert "Table 2 was wrong." in _page(client, live).content.decode()


def test_a_refused_form_comes_back_for_the_edition_it_was_sent_for(browser, editor, author, member, live):
    article = Article.objects.get(pk=live.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    second = workflow.submit(article, by=author)
    workflow.take_up(second, by=member)
    from tests.conftest import PASSWORD

    workflow.decide(second, by=member, kind="approve", password=PASSWORD)
    page = _post(browser(editor), live, "publish", **{"publish-note": "Old one."}).content.decode()
    assert f'action="/desk/editions/{live.pk}/publish/"' in page
    assert f'action="/desk/editions/{second.pk}/publish/"' not in page


def test_authors_and_board_members_read_and_do_not_act(browser, author, member, approved):
    for person in (author, member):
        client = browser(person)
        page = _page(client, approved).content.decode()
        assert "Only an editor publishes" in page
        assert "<form" not in page.split("<main")[1]
        assert _post(client, approved, "publish").status_code == 403
    assert not Publication.objects.exists()


def test_a_draft_that_was_never_submitted_is_not_found_for_the_board(browser, member, draft):
    assert browser(member).get(reverse("desk:publishing", args=[draft.pk])).status_code == 404


def test_a_superuser_on_the_board_still_obeys_four_eyes(browser, author, member, draft):
    from people.models import User
    from tests.conftest import PASSWORD

    chief = User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")
    Appointment.objects.create(user=chief, role=Role.BOARD_MEMBER)
    drafting.save(draft, by=chief, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    assert _post(browser(chief), edition, "release", **{"release-reason": "Me."}).status_code == 409
