"""Rounds on the review page: the checklist, independence, objections, earlier rounds, and confirming what changed."""

from __future__ import annotations

import contextlib

import pytest
from django.core.cache import cache
from django.urls import reverse

from articles import drafting, policies
from people.models import Role
from reviews import verdicts, workflow
from reviews.models import Review, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def rules(editor):
    def write(**fields):
        needed = {"verdicts_needed": 2, "approvals_needed": 2} | fields
        policies.write(None, by=editor, base_version=policies.version_of(None), note="A test.", **needed)

    return write


def _sign(edition, by, kind="approve", comment="Because."):
    with contextlib.suppress(workflow.Refused):
        workflow.state_interests(edition, by=by)
    return workflow.decide(edition, by=by, kind=kind, password=PASSWORD, comment=comment)


def _hand_in(draft, author, member, more=""):
    if more:
        draft.refresh_from_db()
        draft.body += f"\n\n{more} [@gamma].\n"
        drafting.save(draft, by=author, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    return edition


def _post(client, edition, **fields):
    data = {"digest": edition.digest, "kind": "approve", "comment": "", "password": PASSWORD} | fields
    return client.post(reverse("desk:decide", args=[edition.pk]), data)


def _page(client, edition, name="desk:review"):
    return client.get(reverse(name, args=[edition.pk])).content.decode()


def test_all_satisfactory_answers_every_item(browser, draft, author, member, rules):
    rules(verdicts_needed=1, approvals_needed=1, checklist=["Harm: none", "Sources: support it"])
    edition = _hand_in(draft, author, member)
    client = browser(member)
    assert "All satisfactory" in _page(client, edition, "desk:decide")
    response = _post(client, edition)
    assert response.status_code == 422
    assert "Answer each item, or say that all is satisfactory." in response.content.decode()
    assert not Verdict.objects.exists()
    assert _post(client, edition, all_satisfactory="on").status_code == 302
    assert [one["satisfactory"] for one in verdicts.read(Verdict.objects.get())["checklist"]] == [True, True]
    assert "Harm: none: <strong>satisfactory</strong>" in _page(client, edition)


def test_an_item_that_is_not_satisfactory_needs_a_word_and_keeps_what_was_written(
    browser, draft, author, member, rules
):
    rules(checklist=["Harm: none", "Sources: support it"])
    edition = _hand_in(draft, author, member)
    client = browser(member)
    asked = {"kind": "request-changes", "comment": "See the list.", "all_satisfactory": "on", "item-harm": "no"}
    response = _post(client, edition, **asked)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Say in a word what is not satisfactory: Harm: none." in page
    assert "See the list." in page
    assert _post(client, edition, **asked, **{"word-harm": "The dose."}).status_code == 302
    signed = verdicts.read(Verdict.objects.get())["checklist"]
    assert [(one["satisfactory"], one["word"]) for one in signed] == [(False, "The dose."), (True, "")]


def test_independent_members_see_others_only_after_signing(
    browser, draft, author, member, second_member, editor, rules
):
    rules(independent=True)
    edition = _hand_in(draft, author, member)
    _sign(edition, member, "safety-objection", "Ten times the dose.")
    for person in (second_member, author):
        page = _page(browser(person), edition)
        assert "Ten times the dose." not in page
        assert "safety" not in page.lower().replace("safety-objection", "").split("record of this edition")[1]
        assert "what others signed is shown once you have signed" in page
    history = browser(author).get(reverse("desk:history", args=[draft.pk])).content.decode()
    assert "Ten times the dose." not in history
    assert "Ten times the dose." in _page(browser(editor), edition)
    assert "Ten times the dose." in _page(browser(member), edition)
    _sign(edition, second_member)
    assert "Ten times the dose." in _page(browser(second_member), edition)


def test_what_pulled_an_answer_from_the_public_is_no_way_round_independence(
    browser, draft, author, member, second_member, editor, rules
):
    rules(independent=True)
    edition = _hand_in(draft, author, member)
    workflow.release_with_caution(edition, by=editor, reason="Tonight.")
    _sign(edition, member, "safety-objection", "Ten times the dose.")
    address = reverse("desk:publishing", args=[draft.pk])
    for person in (second_member, author):
        response = browser(person).get(address)
        page = response.content.decode()
        assert response.status_code in {200, 403}
        assert "Ten times the dose." not in page
    assert "Ten times the dose." in browser(editor).get(address).content.decode()


def test_without_independence_the_verdicts_are_in_sight(browser, draft, author, member, second_member, rules):
    rules()
    edition = _hand_in(draft, author, member)
    _sign(edition, member, "approve", "A fine text.")
    assert "A fine text." in _page(browser(second_member), edition)


def test_an_objection_is_settled_on_the_page_by_its_member_or_the_chief_editor(
    browser, draft, author, member, second_member, person
):
    chief = person("Carla Chief", Role.CHIEF_EDITOR)
    edition = _hand_in(draft, author, member)
    objection = _sign(edition, member, "safety-objection", "Ten times the dose.")
    address = reverse("desk:settle_objection", args=[edition.pk, objection.pk])
    assert "Withdraw my objection" in _page(browser(member), edition)
    assert "Decide on it as chief editor" in _page(browser(chief), edition)
    other = _page(browser(second_member), edition)
    assert "Safety objection, open" in other
    assert address not in other
    assert browser(second_member).post(address, {"reason": "No."}).status_code == 409
    refused = browser(chief).post(address, {"reason": " "})
    assert refused.status_code == 409
    assert browser(chief).post(address, {"reason": "The label says so."}).status_code == 302
    assert "Safety objection, open" not in _page(browser(chief), edition)


def test_earlier_rounds_and_what_changed_since_signing_come_first(browser, draft, author, member, second_member):
    first = _hand_in(draft, author, member)
    _sign(first, member, "request-changes", "Please name the dose.")
    second = _hand_in(draft, author, second_member, "Ten milligrams")
    page = _page(browser(member), second)
    assert "Since edition 1, which you signed last." in page
    assert page.index("Ten milligrams") < page.index('id="bottom-lines"')
    assert page.index("Earlier rounds") < page.index("Please name the dose.")
    other = _page(browser(second_member), second)
    assert "which you signed last" not in other
    assert other.index('id="bottom-lines"') < other.index('id="changes"')


def test_minor_edits_are_confirmed_on_one_page(browser, draft, author, member, rules):
    rules(verdicts_needed=1, approvals_needed=1, checklist=["Harm: none"])
    first = _hand_in(draft, author, member)
    assert (
        _post(browser(member), first, kind="minor-edits", all_satisfactory="on", comment="A dose.").status_code == 302
    )
    second = _hand_in(draft, author, member, "Ten milligrams")
    client = browser(member)
    page = _page(client, second, "desk:decide")
    assert "What changed since edition 1, which you signed" in page
    assert "Ten milligrams" in page
    assert "All satisfactory" not in page
    assert _post(client, second).status_code == 302
    assert Review.objects.get(edition=second).state == "approved"
    assert "Confirmed" in _page(client, second)
