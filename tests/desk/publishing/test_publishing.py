"""The publishing page and the editor's moves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import drafting
from articles.models import Article, Notice, Publication, Standing
from people.models import Appointment, Role
from reviews import verifying, workflow
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _page(client, edition):
    return client.get(reverse("desk:publishing", args=[edition.article_id]))


def _post(client, edition, name, **fields):
    return client.post(reverse(f"desk:{name}", args=[edition.pk]), fields)


def test_publishes_an_approved_edition(browser, editor, approved):
    client = browser(editor)
    assert "Publish edition 1" in _page(client, approved).content.decode()
    assert "What changed" not in _page(client, approved).content.decode()
    assert _post(client, approved, "publish").status_code == 302
    publication = Publication.objects.get()
    assert publication.standing == Standing.LIVE
    assert publication.change_note == ""
    page = _page(client, approved).content.decode()
    assert f'href="/answers/{publication.slug}/"' in page
    assert "Publish edition 1" not in page


@pytest.fixture
def second(live, author, member):
    """Edition 2 of the public answer, approved and not public."""
    return _second(live, author, member)


def _second(live, author, member):
    article = Article.objects.get(pk=live.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    return edition


def test_what_changed_is_asked_where_something_was_public(browser, editor, second):
    client = browser(editor)
    unsaid = _post(client, second, "publish")
    assert unsaid.status_code == 422
    assert "Choose whether the change is minor" in unsaid.content.decode()
    empty = _post(client, second, "publish", **{"publish-change": "sentence", "publish-note": " "})
    assert empty.status_code == 422
    assert "Say in a sentence what changed" in empty.content.decode()
    assert Publication.objects.get().edition_id != second.pk
    said = {"publish-change": "sentence", "publish-note": "The dose was corrected."}
    assert _post(client, second, "publish", **said).status_code == 302
    assert Publication.objects.get().change_note == "The dose was corrected."


def test_a_minor_change_is_said_as_such(browser, editor, second):
    fields = {"publish-change": "minor", "publish-note": "Words that are not meant."}
    assert _post(browser(editor), second, "publish", **fields).status_code == 302
    assert Publication.objects.get().change_note == "Minor changes."


def test_an_edition_that_is_not_approved_is_refused_and_the_note_kept(browser, editor, live, author):
    article = Article.objects.get(pk=live.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    submitted = workflow.submit(article, by=author)
    said = {"publish-change": "sentence", "publish-note": "Words for readers."}
    response = _post(browser(editor), submitted, "publish", **said)
    assert response.status_code == 409
    page = response.content.decode()
    assert "is not approved" in page
    assert "Words for readers." in page
    assert Publication.objects.get().edition_id == live.pk


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


def _said(prefix, **more):
    said = {"text": "Table 2 was wrong.", "reason": "A digit was lost.", "asked_by": "A reader"} | more
    return {f"{prefix}-{name}": value for name, value in said.items()}


def test_adds_a_notice(browser, editor, live):
    client = browser(editor)
    empty = _post(client, live, "add_notice")
    assert empty.status_code == 422
    for sentence in ("Choose the kind", "Write the notice", "Give the reason", "Say who asked"):
        assert sentence in empty.content.decode()
    assert _post(client, live, "add_notice", **_said("notice", kind="retraction")).status_code == 422
    assert _post(client, live, "add_notice", **_said("notice", kind="minor")).status_code == 302
    notice = Notice.objects.get()
    assert (notice.kind, notice.text, notice.reason, notice.asked_by) == (
        "minor",
        "Table 2 was wrong.",
        "A digit was lost.",
        "A reader",
    )
    page = _page(client, live).content.decode()
    for words in ("Minor correction", "Table 2 was wrong.", "A digit was lost.", "A reader"):
        assert words in page
    assert list(verifying.problems()) == []


def test_a_correction_names_the_editions_before_and_after(browser, editor, second, live):
    client = browser(editor)
    workflow.publish(second, by=editor)
    doubt = _post(client, second, "add_notice", **_said("notice", kind="concern", corrects=live.pk))
    assert doubt.status_code == 422
    assert "Only a correction names" in doubt.content.decode()
    assert (
        _post(client, second, "add_notice", **_said("notice", kind="correction", corrects=live.pk)).status_code == 302
    )
    notice = Notice.objects.get()
    assert (notice.corrects_id, notice.edition_id) == (live.pk, second.pk)
    assert list(verifying.problems()) == []


def test_no_edition_that_was_not_public_is_corrected(editor, second, live):
    with pytest.raises(workflow.Refused, match="one that was public"):
        workflow.add_notice(live, by=editor, kind="correction", text="Wrong.", corrects=second)
    assert not Notice.objects.exists()


def test_retracts_apart_from_the_other_notices(browser, editor, live):
    client = browser(editor)
    assert "Retract edition 1" in _page(client, live).content.decode()
    assert _post(client, live, "retract").status_code == 422
    assert _post(client, live, "retract", **_said("retract")).status_code == 302
    publication = Publication.objects.get()
    assert (publication.standing, publication.is_retracted) == (Standing.LIVE, True)
    page = _page(client, live).content.decode()
    assert "Retract edition 1" not in page
    assert "Retracted" in page


def test_a_newer_edition_takes_the_place_of_a_retracted_one(editor, second, live):
    workflow.add_notice(live, by=editor, kind="retraction", text="Do not use it.")
    workflow.publish(second, by=editor, note="Written anew.")
    publication = Publication.objects.get()
    assert (publication.edition_id, publication.is_retracted) == (second.pk, False)


def test_restores_with_a_reason_and_keeps_the_withdrawal_in_the_history(browser, client, editor, live):
    address = f"/answers/{Publication.objects.get().slug}/"
    before = client.get(address).content
    workflow.withdraw(live, by=editor, explanation="The dose is wrong.")
    desk = browser(editor)
    assert "Restore edition 1" in _page(desk, live).content.decode()
    assert _post(desk, live, "restore_answer").status_code == 422
    assert Publication.objects.get().standing == Standing.WITHDRAWN
    assert _post(desk, live, "restore_answer", **{"restore-reason": "The dose was right."}).status_code == 302
    publication = Publication.objects.get()
    assert (publication.standing, publication.explanation) == (Standing.LIVE, "")
    page = client.get(address).content.decode()
    history = page.split('id="history"', 1)[1].split("</section>", 1)[0]
    assert "The dose is wrong." in history
    assert "The dose was right." in history
    assert "The dose is wrong." not in page.split('id="history"', 1)[0]
    assert "noindex" not in page
    assert b"The dose" not in before
    assert _post(desk, live, "restore_answer", **{"restore-reason": "Again."}).status_code == 409
    assert list(verifying.problems()) == []


def test_what_was_retracted_is_not_restored(browser, editor, live):
    workflow.withdraw(live, by=editor, explanation="The dose is wrong.")
    workflow.add_notice(live, by=editor, kind="retraction", text="Made up.")
    response = _post(browser(editor), live, "restore_answer", **{"restore-reason": "It reads well."})
    assert response.status_code == 409
    assert "was retracted" in response.content.decode()
    assert "It reads well." in response.content.decode()


def test_a_refused_form_comes_back_for_the_edition_it_was_sent_for(browser, editor, author, member, live):
    second = _second(live, author, member)
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

    chief = User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")
    Appointment.objects.create(user=chief, role=Role.BOARD_MEMBER)
    drafting.save(draft, by=chief, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    assert _post(browser(chief), edition, "release", **{"release-reason": "Me."}).status_code == 409
