"""Policy, board and about: they state the rules really in force, who sits on the board, and the site's own texts."""

from __future__ import annotations

import datetime
import importlib
import re
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import drafting, policies, site
from articles.models import AnswerKind, Article, Publication, Site
from people import interests
from people.models import Appointment, Role, User
from reviews import workflow
from tests.conftest import PASSWORD
from tests.readers.conftest import Act, Write


def words(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_the_policy_states_the_rules_in_force(client: Client, editor: User):
    html = words(client, "/policy/")
    assert "A member of the medical advisory board must read that edition and sign it" in html
    assert "due for review again after 24 months" in html
    assert "Live with caution" in html
    assert "Members judge independently" not in html
    assert "none was changed yet" in html
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
    own = html.split('<h3 id="kind-doses">', 1)[1].split("<h3", 1)[0]
    assert "3 members of the board must approve an edition" in own
    assert "All other kinds of answers" in html
    policies.write(kind, by=editor, base_version=1, note="As the others.", is_ended=True)
    html = words(client, "/policy/")
    assert "kind-doses" not in html
    assert "All other kinds of answers" not in html


def test_the_policy_page_tells_what_changed_and_when(client: Client, editor: User):
    kind = AnswerKind.objects.create(slug="doses", name="Doses")
    policies.write(None, by=editor, base_version=1, note="Members are <busy>.", days=21)
    policies.write(kind, by=editor, base_version=0, note="Doses kill.", days=21, caution_allowed=False)
    policies.write(None, by=editor, base_version=2, note="Less often.", days=21, review_again_after_months=36)
    policies.write(kind, by=editor, base_version=1, note="As the others.", is_ended=True)
    html = words(client, "/policy/").split('<h2 id="history">', 1)[1]
    _before, ended, third, own, second = html.split('<h3 class="rules-history__head">')
    today = f'<time datetime="{timezone.localdate()}">'
    assert all(today in one for one in (ended, third, own, second))
    assert "Members are &lt;busy&gt;." in second
    assert "Each member has 21 days for a review." in second
    assert "Before: Each member has 14 days for a review." in second
    assert second.count("Before:") == third.count("Before:") == own.count("Before:") == 1
    assert "It is never public before the board has approved it." in own, "compared with the general rules of its day"
    assert "version 3" in third
    assert "after 36 months" in third
    assert "follows the general rules again" in ended
    assert ended.count("Before:") == 2


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
    members, former = words(client, "/board/").split("Former members")
    for name in ("Ben Board", "Cora Council"):
        assert name not in members
        assert name in former
    assert "No board member is appointed at present" in members


def test_an_appointment_that_never_was_in_force_makes_no_former_member(client: Client, member: User, author: User):
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    Appointment.objects.filter(user=member).update(starts_on=today, ends_on=today - day)
    Appointment.objects.create(user=author, role=Role.BOARD_MEMBER, starts_on=today + day)
    html = words(client, "/board/")
    assert "Former members" not in html
    assert "Ben Board" not in html
    assert "Ada Author" not in html


def test_every_term_of_a_member_is_shown(client: Client, member: User):
    Appointment.objects.create(
        user=member,
        role=Role.BOARD_MEMBER,
        starts_on=datetime.date(2020, 1, 1),
        ends_on=datetime.date(2021, 12, 31),
    )
    html = words(client, "/board/")
    assert html.count("Ben Board") == 1
    assert "since <time" in html
    assert '1 January 2020</time> to <time datetime="2021-12-31">31 December 2021' in html


def test_the_board_counts_the_public_answers_that_each_member_approved(
    client: Client,
    member: User,
    second_member: User,
    editor: User,
    write: Write,
    approve: Act,
    publish: Act,
    release: Act,
):
    def told(name: str) -> str:
        return words(client, "/board/").split(name, 1)[1].split("</li>", 1)[0]

    approve(write("Is this one public?"))
    release(write("Is this one pending?"))
    assert "none that is public yet" in told("Ben Board")
    edition = publish(write("Does alpha help?"))
    publish(write("Does beta help?"))
    assert "<dd>2</dd>" in told("Ben Board")
    assert "none that is public yet" in told("Cora Council")
    article = Article.objects.get(pk=edition.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=article.owner, base_version=article.version)
    second = workflow.submit(Article.objects.get(pk=article.pk), by=article.owner)
    workflow.take_up(second, by=second_member)
    workflow.decide(second, by=second_member, kind="approve", password=PASSWORD)
    workflow.publish(second, by=editor)
    assert "<dd>2</dd>" in told("Ben Board"), "the earlier edition stays public, and stays signed"
    assert "<dd>1</dd>" in told("Cora Council")
    workflow.withdraw(second, by=editor, explanation="It is wrong.")
    assert "<dd>1</dd>" in told("Ben Board")


def test_answers_made_public_before_it_was_kept_are_counted_too(publish: Act, approve: Act, write: Write, member: User):
    approve(write("Is this one public?"))
    edition = publish(write("Does alpha help?"))
    kept = Publication.reviewed_by.through.objects
    kept.all().delete()
    migration = importlib.import_module("reviews.migrations.0006_who_reviewed_what_is_public")
    for _time in range(2):
        migration.fill(apps, SimpleNamespace(connection=connection))
    assert list(kept.values_list("publication__edition", "user")) == [(edition.pk, member.pk)]


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
