"""Policy, board and about: they state the rules really in force, who sits on the board, and the site's own texts."""

from __future__ import annotations

import datetime
import re

from django.test import Client
from django.utils import timezone

from articles import policies, site
from articles.models import AnswerKind, Site
from people import interests
from people.models import Appointment, Role, User


def words(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_the_policy_states_the_rules_in_force(client: Client, editor: User):
    html = words(client, "/policy/")
    assert "A member of the medical advisory board must read that edition and sign it" in html
    assert "due for review again after 24 months" in html
    assert "Live with caution" in html
    assert "Members judge independently" not in html
    policies.write(
        None,
        by=editor,
        base_version=1,
        note="Two pairs of eyes.",
        verdicts_needed=2,
        approvals_needed=2,
        review_again_after_months=12,
        caution_allowed=False,
        independent=True,
        specialties=["Cardiology"],
        checklist=["Harm: nobody comes to harm"],
    )
    html = words(client, "/policy/")
    assert "Version 2: each signature names" in html
    assert "At least 2 members of the medical advisory board must read" in html
    assert "after 12 months" in html
    assert "Live with caution" not in html
    assert "somebody of each of these specialties: Cardiology." in html
    assert "Members judge independently" in html
    assert "Harm: nobody comes to harm" in html


def test_the_policy_of_a_kind_stands_beside_the_general_one(client: Client, editor: User):
    kind = AnswerKind.objects.create(slug="doses", name="Doses")
    policies.write(kind, by=editor, base_version=0, note="Doses kill.", verdicts_needed=3, approvals_needed=3)
    html = words(client, "/policy/")
    assert "A member of the medical advisory board must read" in html
    assert "Doses</dt><dd>At least 3 members approve;" in html
    policies.write(kind, by=editor, base_version=1, note="As the others.", is_ended=True)
    assert "Doses" not in words(client, "/policy/")


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
    User.objects.filter(pk=member.pk).update(institution="Northern Hospital")
    interests.declare(member, {"grants": "Alpha Ltd, for a trial"})
    Appointment.objects.filter(user=second_member).update(ends_on=timezone.localdate() + datetime.timedelta(days=9))
    html = words(client, "/board/")
    assert "Ben Board, MD, PhD" in html
    assert "Cardiology, Northern Hospital" in html
    assert "Grants and contracts: Alpha Ltd, for a trial." in html
    cora = html.split("Cora Council, PharmD", 1)[1].split("</li>", 1)[0]
    assert "Nothing to declare." in cora
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
