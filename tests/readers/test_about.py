"""Policy, board and about: they state the rules really in force, who sits on the board, and the site's own texts."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from articles import site
from articles.models import Site
from people.models import Appointment, Role, User
from readers import about


def words(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_the_policy_states_the_rules_in_force(client: Client, db: None, monkeypatch: pytest.MonkeyPatch):
    html = words(client, "/policy/")
    assert "A member of the medical advisory board must read that edition and sign it" in html
    assert "due for review again after 24 months" in html
    assert "Live with caution" in html
    monkeypatch.setattr(
        about,
        "IN_FORCE",
        replace(about.IN_FORCE, approvals_needed=2, review_again_after_months=12, caution_allowed=False),
    )
    html = words(client, "/policy/")
    assert "At least 2 members of the medical advisory board must read" in html
    assert "after 12 months" in html
    assert "Live with caution" not in html


def test_the_preface_comes_first_and_is_no_html(client: Client, administrator: User):
    texts = site.current()
    texts.policy_preface = "We are careful.\n\n<script>alert(1)</script>"
    site.save(texts, by=administrator)
    html = words(client, "/policy/")
    assert html.index("We are careful.") < html.index("Who writes and who reviews")
    assert "<script>alert" not in html


def test_the_board_shows_members_and_nobody_else(
    client: Client, member: User, second_member: User, author: User, editor: User
):
    User.objects.filter(pk=member.pk).update(interests="A grant from Alpha Ltd.", institution="Northern Hospital")
    Appointment.objects.filter(user=second_member).update(ends_on=timezone.localdate() + datetime.timedelta(days=9))
    html = words(client, "/board/")
    assert "Ben Board, MD, PhD" in html
    assert "Cardiology, Northern Hospital" in html
    assert "A grant from Alpha Ltd." in html
    cora = html.split("Cora Council, PharmD", 1)[1].split("</li>", 1)[0]
    assert "none declared" in cora
    assert " to <time" in cora
    assert "Ada Author" not in html
    assert "Edda Editor" not in html
    assert "@example.org" not in html


def test_a_member_whose_term_ended_or_who_left_is_not_on_the_board(client: Client, member: User, second_member: User):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Appointment.objects.filter(user=member).update(starts_on=yesterday, ends_on=yesterday)
    User.objects.filter(pk=second_member.pk).update(is_active=False)
    Appointment.objects.create(
        user=member, role=Role.BOARD_MEMBER, starts_on=timezone.localdate() + datetime.timedelta(days=30)
    )
    html = words(client, "/board/")
    assert "Ben Board" not in html
    assert "Cora Council" not in html


def test_about_shows_the_sites_texts_with_both_disclaimers(client: Client, administrator: User):
    texts: Site = site.current()
    texts.about = "We are a small team.\n\nWrite to us."
    texts.contact = "team@example.org"
    texts.disclaimer, texts.disclaimer_plain = "For professionals only.", "For learning only."
    texts.country = "GB"
    site.save(texts, by=administrator)
    html = words(client, "/about/")
    for said in ("We are a small team.", "mailto:team@example.org", "call 999 now", texts.licence):
        assert said in html
    assert 'id="disclaimer"' in html
    assert html.index("For professionals only.") < html.index("For learning only.")
    plain = words(client, "/about/?for=patient")
    assert plain.index("For learning only.") < plain.index("For professionals only.")


def test_a_changed_text_is_another_page_at_once(client: Client, administrator: User):
    before = client.get("/about/")
    texts = site.current()
    texts.tagline = "Another word"
    site.save(texts, by=administrator)
    assert client.get("/about/", headers={"If-None-Match": before["ETag"]}).status_code == 200
