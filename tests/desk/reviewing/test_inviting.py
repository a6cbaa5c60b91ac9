"""Invitations in the desk: the editor's page and list, the member's page and first lines, and who sees what."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import Role, User
from reviews import workflow
from reviews.models import InterestStatement, Review, ReviewInvitation, Step

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def edition(draft, author):
    return workflow.submit(draft, by=author)


@pytest.fixture
def asked(edition, member, editor):
    workflow.invite(edition, members=[member], by=editor, note="The doses, please.")
    return edition


def page(client, person: User, name: str, *args: int):
    client.force_login(person)
    return client.get(reverse(name, args=args))


def send(client, person: User, name: str, *args: int, **data: object):
    client.force_login(person)
    return client.post(reverse(name, args=args), data)


class TestTheEditorsPage:
    def test_shows_expertise_load_and_why_not(self, client, edition, member, second_member, editor, author):
        author.institution = member.institution = "Alpha Hospital"
        author.save()
        member.save()
        workflow.set_part(edition, member=second_member, by=editor, grade="excluded", reason="A cousin.")
        text = page(client, editor, "desk:review_invite", edition.pk).content.decode()
        assert "Ben Board, MD, PhD" in text
        assert "Cardiology" in text
        assert "Same institution as Ada Author: Alpha Hospital" in text
        assert "0 rounds, 0 invitations" in text
        assert "Cora Council takes no full part in this answer" in text

    def test_takes_no_key_that_no_database_holds(self, client, edition, editor):
        answer = send(client, editor, "desk:review_invite", edition.pk, members=["9" * 23])
        assert answer.status_code == 422
        assert not ReviewInvitation.objects.exists()

    def test_invites_those_chosen(self, client, edition, member, second_member, editor):
        day = timezone.localdate() + 5 * DAY
        chosen = {"members": [member.pk, second_member.pk], "due_on": day.isoformat(), "note": "Please."}
        answer = send(client, editor, "desk:review_invite", edition.pk, **chosen)
        assert answer.status_code == 302
        assert {row.member for row in ReviewInvitation.objects.filter(due_on=day)} == {member, second_member}
        assert "not answered" in client.get(answer.url).content.decode()

    def test_keeps_what_was_written_on_a_refusal(self, client, edition, member, editor):
        said = {"members": [member.pk], "due_on": "2020-01-01", "note": "A long word to them."}
        answer = send(client, editor, "desk:review_invite", edition.pk, **said)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "This day is past" in text
        assert "A long word to them." in text
        assert f'value="{member.pk}" checked' in text
        nobody = send(client, editor, "desk:review_invite", edition.pk, note="Kept.")
        assert nobody.status_code == 422
        assert "Choose whom to invite." in nobody.content.decode()
        assert "Kept." in nobody.content.decode()
        assert not ReviewInvitation.objects.exists()

    def test_invites_the_earlier_members_in_one_step(self, client, asked, draft, author, member, editor):
        workflow.accept(asked, by=member)
        workflow.pull_back(asked, by=author)
        workflow.submit(draft, by=author)
        assert "Took part: Ben Board." in page(client, editor, "desk:review_invite", asked.pk).content.decode()
        assert send(client, editor, "desk:review_invite", asked.pk, action="again").status_code == 302
        assert ReviewInvitation.objects.live().get().member == member
        assert send(client, editor, "desk:review_invite", asked.pk, action="again").status_code == 409

    def test_gives_more_time_and_withdraws(self, client, asked, member, editor):
        row = ReviewInvitation.objects.get()
        later = (row.due_on + DAY).isoformat()
        send(client, editor, "desk:review_invitation", asked.pk, row.pk, action="extend", due_on=later)
        assert ReviewInvitation.objects.live().get().until.isoformat() == later
        refused = send(client, editor, "desk:review_invitation", asked.pk, row.pk, action="extend", due_on=later)
        assert refused.status_code == 409
        assert "Choose a later day" in refused.content.decode()
        send(client, editor, "desk:review_invitation", asked.pk, row.pk, action="withdraw", reason="Not needed.")
        assert not ReviewInvitation.objects.live().exists()
        text = page(client, editor, "desk:review_invite", asked.pk).content.decode()
        assert "Not needed." in text
        other = send(client, editor, "desk:review_invitation", asked.pk + 1, row.pk, action="withdraw")
        assert other.status_code == 404

    def test_as_many_queries_for_many(self, client, edition, editor, person):
        counts = []
        for number in range(5):
            one = person(f"Mo Member{number}", Role.BOARD_MEMBER)
            person(f"Ma Member{number}", Role.BOARD_MEMBER)
            workflow.invite(edition, members=[one], by=editor)
            workflow.accept(edition, by=one)
            client.force_login(editor)
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("desk:review_invite", args=[edition.pk]))
            counts.append(len(queries))
        assert counts[1] == counts[-1]

    def test_the_list_of_what_is_open(self, client, asked, member, second_member, editor):
        workflow.invite(asked, members=[second_member], by=editor)
        text = page(client, editor, "desk:review_invitations").content.decode()
        assert text.count("not answered") == 2
        assert "Overdue</a>" in text or "Overdue (0)" in text or "(0)" in text
        with CaptureQueriesContext(connection) as two:
            client.get(reverse("desk:review_invitations"))
        workflow.decline(asked, by=second_member)
        with CaptureQueriesContext(connection) as one:
            client.get(reverse("desk:review_invitations"))
        assert len(one) == len(two)
        client.get(reverse("desk:review_invitations"), {"late": "1"})


class TestTheMember:
    def test_stands_first_on_the_desk_and_is_accepted_there(self, client, asked, member):
        text = page(client, member, "desk:home").content.decode()
        assert text.index("You are asked to review") < text.index("Reviews</h2>")
        assert "Accept, nothing to declare" in text
        assert "The doses, please." in text
        answer = send(client, member, "desk:invited", asked.pk, action="accept")
        assert answer.url == reverse("desk:review_text", args=[asked.pk, 1])
        assert InterestStatement.objects.get().what == ""
        assert Review.objects.get().taken_up_by == member
        assert "accepted" in page(client, member, "desk:home").content.decode()

    def test_a_double_tap_is_done_once(self, client, asked, member):
        for _tap in range(2):
            assert send(client, member, "desk:invited", asked.pk, action="accept").status_code == 302
        assert ReviewInvitation.objects.get().steps.count() == 1

    def test_declares_and_accepts(self, client, asked, member):
        empty = send(client, member, "desk:invited", asked.pk, action="declare", what="A fee")
        assert empty.status_code == 422
        assert "A fee" in empty.content.decode()
        said = {"what": "A fee", "with_whom": "Alpha Ltd"}
        assert send(client, member, "desk:invited", asked.pk, action="declare", **said).status_code == 302
        assert InterestStatement.objects.get().with_whom == "Alpha Ltd"

    def test_declines_with_a_reason_for_editors_alone(self, client, asked, member, second_member, editor, author):
        assert send(client, member, "desk:invited", asked.pk, action="decline", reason="On leave.").url == "/desk/"
        assert "On leave." in page(client, editor, "desk:review", asked.pk).content.decode()
        assert "On leave." in page(client, editor, "desk:history", asked.article_id).content.decode()
        for person in (author, second_member):
            text = page(client, person, "desk:review", asked.pk).content.decode()
            assert "On leave." not in text
            assert "Invite to the review" not in text
        assert "On leave." not in page(client, author, "desk:history", asked.article_id).content.decode()
        again = send(client, member, "desk:invited", asked.pk, action="decline", reason="Kept words.")
        assert again.status_code == 409
        assert "Kept words." in again.content.decode()

    def test_an_overdue_declaration_leads_to_it_and_back(self, client, edition, editor, person, monkeypatch):
        member = person("Nia Never", Role.BOARD_MEMBER, declares=False)
        ReviewInvitation.objects.create(
            edition=edition, member=member, member_name="Nia Never", due_on=timezone.localdate(), by=editor
        )
        here = reverse("desk:invited", args=[edition.pk])
        for text in (
            page(client, member, "desk:invited", edition.pk).content.decode(),
            page(client, member, "desk:home").content.decode(),
        ):
            assert "missing or overdue" in text
            assert f'{reverse("desk:interests")}?next={here}"' in text
            assert "nothing to declare</button>" not in text
        assert send(client, member, "desk:invited", edition.pk, action="accept").status_code == 409
        back = client.post(reverse("desk:interests"), {"action": "nothing", "next": here})
        assert back.url == here
        assert "Accept, nothing to declare" in client.get(here).content.decode()

    def test_hands_over(self, client, asked, member, second_member, person):
        never = person("Nia Never", Role.BOARD_MEMBER, declares=False)
        workflow.accept(asked, by=member)
        text = page(client, member, "desk:invited", asked.pk).content.decode()
        assert "Cora Council, PharmD (Pharmacy)" in text
        assert "Nia Never" not in text
        refused = send(client, member, "desk:invited", asked.pk, action="hand-over", to=never.pk, reason="Kept.")
        assert refused.status_code == 409
        assert "Kept." in refused.content.decode()
        assert send(client, member, "desk:invited", asked.pk, action="hand-over", to=second_member.pk).url == "/desk/"
        assert page(client, second_member, "desk:invited", asked.pk).status_code == 200
        assert ReviewInvitation.objects.filter(steps__kind=Step.HANDED_OVER).count() == 1

    def test_a_link_after_the_end_says_so(self, client, asked, member, author):
        workflow.pull_back(asked, by=author)
        text = page(client, member, "desk:invited", asked.pk).content.decode()
        assert "Edition 1 is pulled back: nothing is expected of you." in text
        assert send(client, member, "desk:invited", asked.pk, action="accept").status_code == 409

    def test_is_closed_to_who_was_not_invited(self, client, asked, second_member):
        assert page(client, second_member, "desk:invited", asked.pk).status_code == 404

    def test_before_accepting_the_decision_says_what_to_do(self, client, asked, member, second_member):
        workflow.take_up(asked, by=second_member)
        for name in ("desk:decide", "desk:review"):
            assert reverse("desk:invited", args=[asked.pk]) in page(client, member, name, asked.pk).content.decode()

    def test_as_many_queries_for_many_on_the_desk(self, client, draft, author, member, editor):
        from articles import drafting
        from articles.models import Article

        counts = []
        for number in range(4):
            one = Article(question=f"No. {number}?", heading="H", lead="L [@alpha].", body="B [@alpha].", owner=author)
            drafting.save(one, by=author, base_version=0)
            workflow.invite(workflow.submit(one, by=author), members=[member], by=editor)
            client.force_login(member)
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("desk:home"))
            counts.append(len(queries))
        assert counts[1] == counts[-1]
