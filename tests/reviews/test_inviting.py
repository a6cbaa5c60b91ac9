"""Invitations to a round: who may be invited and why not, what becomes of them, and that the record tells of all."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from articles import drafting
from articles.models import Article, Edition
from people.models import Declaration, Kind, Message, Notification, Role, User
from reviews import figures, protection, reminding, suggesting, verifying, workflow, workload
from reviews.invitations import newest_of
from reviews.models import InvitationStep, Review, ReviewInvitation, Step, Transition, Verdict
from reviews.workflow.inviting import earlier_members
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def submitted(draft: Article, author: User) -> Edition:
    return workflow.submit(draft, by=author)


def again(draft: Article, author: User, words: str = "More") -> Edition:
    draft.refresh_from_db()
    draft.body += f"\n\n{words} [@gamma]."
    drafting.save(draft, by=author, base_version=draft.version)
    return workflow.submit(draft, by=author)


def approve(edition: Edition, by: User) -> Verdict:
    return workflow.decide(edition, by=by, kind="approve", password=PASSWORD)


def states(edition: Edition) -> dict[str, str]:
    review = Review.objects.select_related("edition__article").get(edition=edition)
    case = workflow.case_of(edition.article, edition)
    assert workflow.cases_of([review])[edition.pk].invited == case.invited
    names = dict(User.objects.values_list("pk", "name"))
    return {names[pk]: state for pk, state in case.invited.items()}


def whole() -> None:
    assert list(verifying.problems()) == []
    call_command("verify_record")


class TestInviting:
    def test_the_member_is_told_with_a_link(self, submitted: Edition, member: User, second_member: User, editor: User):
        (row,) = workflow.invite(submitted, members=[member], by=editor, note=" The  doses, please. ")
        assert (row.note, row.due_on) == ("The doses, please.", timezone.localdate() + 14 * DAY)
        news = Notification.objects.get(person=member, kind=Kind.INVITED)
        assert news.address == f"/desk/reviews/{submitted.pk}/invited/"
        mail = Message.objects.get(to=member.email, key__startswith="invitation:")
        assert "The doses, please." in mail.text
        assert news.address in mail.text
        with pytest.raises(workflow.Refused, match="Accept the invitation first"):
            approve(_taken_up(submitted, by=second_member), member)

    def test_accepting_states_and_takes_up(self, submitted: Edition, member: User, editor: User):
        workflow.invite(submitted, members=[member], by=editor)
        workflow.accept(submitted, by=member)
        review = Review.objects.get(edition=submitted)
        assert (review.state, review.taken_up_by) == ("under_review", member)
        moves = list(Transition.objects.values_list("move", flat=True))
        assert moves == ["submit", "invite", "state-interests", "accept-invitation", "take-up"]
        assert Notification.objects.filter(person=editor, kind=Kind.INVITED).count() == 1
        approve(submitted, member)
        whole()

    def test_a_second_acceptance_takes_nothing_up(
        self, submitted: Edition, member: User, second_member: User, editor: User
    ):
        workflow.invite(submitted, members=[member, second_member], by=editor)
        workflow.accept(submitted, by=member)
        workflow.accept(submitted, by=second_member, what="A fee", with_whom="Alpha")
        assert Review.objects.get().taken_up_by == member
        assert Transition.objects.filter(move="take-up").count() == 1
        assert approve(submitted, second_member)
        with pytest.raises(workflow.Refused):
            workflow.accept(submitted, by=second_member)
        whole()

    def test_taking_up_from_the_queue_accepts(self, submitted: Edition, member: User, editor: User):
        workflow.invite(submitted, members=[member], by=editor)
        workflow.take_up(submitted, by=member)
        assert states(submitted) == {"Ben Board": "accepted"}
        assert approve(submitted, member)

    def test_a_claim_needs_no_invitation(self, submitted: Edition, member: User, second_member: User, editor: User):
        workflow.invite(submitted, members=[member], by=editor)
        workflow.take_up(submitted, by=second_member)
        with pytest.raises(workflow.Refused, match="takes part already"):
            workflow.invite(submitted, members=[second_member], by=editor)
        assert approve(submitted, second_member)

    def test_a_claim_is_given_up(
        self, submitted: Edition, member: User, second_member: User, editor: User, author: User, client: Client
    ):
        workflow.take_up(submitted, by=member)
        assert workload.in_hand([member.pk])[member.pk].rounds == 1
        with pytest.raises(workflow.Refused, match="You take no part in this review."):
            workflow.give_up(submitted, by=second_member)
        Notification.objects.all().delete()
        client.force_login(member)
        page = client.get(f"/desk/reviews/{submitted.pk}/").content.decode()
        assert "Give this review up" in page
        answer = client.post(f"/desk/reviews/{submitted.pk}/give-up/", {"reason": "On leave."})
        assert answer["Location"] == "/desk/"
        assert workload.in_hand([member.pk])[member.pk].rounds == 0
        assert Transition.objects.get(move="give-up").reason == "On leave."
        told = Notification.objects.get()
        assert (told.person, told.sentence.split(" the review")[0]) == (editor, "Ben Board, MD, PhD gave up")
        for move in (workflow.give_up, workflow.take_up):
            with pytest.raises(workflow.Refused):
                move(submitted, by=member)
        answer = client.post(f"/desk/reviews/{submitted.pk}/give-up/", {"reason": "Once more."})
        assert answer.status_code == 409
        assert "You gave this review up. An editor can invite you to it." in answer.content.decode()
        assert "Once more." in answer.content.decode()
        with pytest.raises(workflow.Refused, match="You gave this review up"):
            workflow.decide(submitted, by=member, kind="approve", password=PASSWORD)
        workflow.invite(submitted, members=[member], by=editor)
        workflow.accept(submitted, by=member)
        workflow.decide(submitted, by=member, kind="approve", password=PASSWORD)
        assert list(verifying.problems()) == []

    def test_all_or_none(self, submitted: Edition, member: User, author: User, editor: User, person):
        writer = person("Wim Writer", Role.BOARD_MEMBER, Role.AUTHOR)
        workflow.set_part(submitted, member=writer, by=editor, grade="excluded", reason="A cousin.")
        with pytest.raises(workflow.Refused, match="takes no full part"):
            workflow.invite(submitted, members=[member, writer], by=editor)
        with pytest.raises(workflow.Refused, match="Choose whom"):
            workflow.invite(submitted, members=[], by=editor)
        with pytest.raises(workflow.Refused, match="This day is past"):
            workflow.invite(submitted, members=[member], by=editor, due_on=timezone.localdate() - DAY)
        assert not ReviewInvitation.objects.exists()


def _taken_up(edition: Edition, *, by: User) -> Edition:
    workflow.take_up(edition, by=by)
    return edition


CONFLICTS = {
    "none": "",
    "wrote": "four eyes",
    "excluded": "takes no full part",
    "may not vote": "takes no full part",
    "stepped back": "takes no full part",
    "stated an interest": "has stated an interest",
    "never declared": "no declaration of interests in date",
    "declaration overdue": "no declaration of interests in date",
    "no board member": "not a board member",
    "the editor": "invites themselves",
    "signed": "has signed",
    "invited": "invited already",
    "accepted": "takes part already",
    "claimed": "takes part already",
    "declined": "",
    "withdrawn": "",
    "an interest, and a full part all the same": "takes part already",
}


@pytest.mark.parametrize("conflict", sorted(CONFLICTS))
def test_who_may_be_invited_and_why_not(conflict: str, draft: Article, author: User, person: Callable[..., User]):
    """The list, the move and the handing over give the same answer for each conflict."""
    editor, holder = person("Ed Itor", Role.EDITOR, Role.BOARD_MEMBER), person("Hal Holder", Role.BOARD_MEMBER)
    roles = [Role.EDITOR] if conflict == "no board member" else [Role.BOARD_MEMBER, Role.EDITOR]
    member = person("Mia Member", *roles, declares=conflict != "never declared")
    if conflict == "wrote":
        drafting.save(draft, by=member, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    workflow.invite(edition, members=[holder], by=editor)
    workflow.accept(edition, by=holder)
    if conflict == "declaration overdue":
        past = timezone.now() - 370 * DAY
        protection.remove(connection)
        Declaration.objects.filter(person=member).update(at=past, renew_by=past.date())
        protection.lay(connection)
    if conflict in {"excluded", "may not vote"}:
        grade = "excluded" if conflict == "excluded" else "no-vote"
        workflow.set_part(edition, member=member, by=editor, grade=grade, reason="A grant.")
    if conflict == "stepped back":
        workflow.recuse(edition, by=member, grade="no-vote", what="A fee", with_whom="Alpha")
    if "interest" in conflict:
        workflow.state_interests(edition, by=member, what="A fee", with_whom="Alpha")
    if conflict.endswith("all the same"):
        workflow.set_part(edition, member=member, by=editor, grade="full", reason="Ten years ago.")
    if conflict == "claimed":
        workflow.state_interests(edition, by=member)
    if conflict in {"invited", "accepted", "declined", "withdrawn", "signed"}:
        (row,) = workflow.invite(edition, members=[member], by=editor)
        if conflict in {"accepted", "signed"}:
            workflow.accept(edition, by=member)
        if conflict == "declined":
            workflow.decline(edition, by=member)
        if conflict == "withdrawn":
            workflow.withdraw_invitation(row, by=editor)
    if conflict == "signed":
        workflow.decide(edition, by=member, kind="safety-objection", password=PASSWORD, comment="Harm.")
    asking = member if conflict == "the editor" else editor
    case = workflow.case_of(draft, edition)
    expected = CONFLICTS[conflict]
    line = next((one for one in suggesting.candidates(case, by=asking) if one.member == member), None)
    if line:
        assert (expected in line.refusal) if expected else line.refusal == ""
    before = Transition.objects.count()
    if expected:
        with pytest.raises(workflow.Refused, match=expected):
            workflow.invite(edition, members=[member], by=asking)
        assert Transition.objects.count() == before
        if conflict != "the editor":
            with pytest.raises(workflow.Refused):
                workflow.hand_over(edition, by=holder, to=member)
            assert Transition.objects.count() == before
    else:
        assert workflow.invite(edition, members=[member], by=asking)
    if conflict != "declaration overdue":
        whole()


class TestAnswers:
    @pytest.fixture
    def asked(self, submitted: Edition, member: User, editor: User) -> Edition:
        workflow.invite(submitted, members=[member], by=editor)
        return submitted

    def test_declining_before_and_after_acceptance(self, asked: Edition, member: User, editor: User):
        workflow.accept(asked, by=member)
        workflow.decline(asked, by=member, reason="On  leave.")
        assert states(asked) == {"Ben Board": "declined"}
        assert Notification.objects.filter(person=editor, sentence__contains="declined to review").exists()
        for refused in (
            lambda: workflow.decline(asked, by=member),
            lambda: workflow.accept(asked, by=member),
            lambda: approve(asked, member),
        ):
            with pytest.raises(workflow.Refused, match="You declined"):
                refused()
        workflow.invite(asked, members=[member], by=editor)
        workflow.accept(asked, by=member)
        assert approve(asked, member)
        whole()

    def test_who_gave_up_does_not_take_up(self, asked: Edition, member: User):
        workflow.decline(asked, by=member)
        with pytest.raises(workflow.Refused, match="An editor can invite you again"):
            workflow.take_up(asked, by=member)

    def test_handing_over(self, asked: Edition, member: User, second_member: User, editor: User):
        with pytest.raises(workflow.Refused, match="Accept the invitation first"):
            workflow.hand_over(asked, by=member, to=second_member)
        workflow.accept(asked, by=member)
        until = newest_of(asked, member.pk).until
        row = workflow.hand_over(asked, by=member, to=second_member, reason="You know more of it.")
        assert (row.due_on, row.handed_from.member, row.by) == (until, member, member)
        assert states(asked) == {"Ben Board": "handed-over", "Cora Council": "open"}
        assert Notification.objects.filter(person=second_member, sentence__contains="hands the review").exists()
        with pytest.raises(workflow.Refused, match="You handed this review over"):
            approve(asked, member)
        with pytest.raises(workflow.Refused, match="Accept the invitation first"):
            approve(asked, second_member)
        workflow.accept(asked, by=second_member)
        assert approve(asked, second_member)
        whole()

    def test_who_gave_it_up_is_an_editors_to_ask(self, asked: Edition, member: User, second_member: User, editor: User):
        workflow.invite(asked, members=[second_member], by=editor)
        workflow.decline(asked, by=second_member)
        workflow.accept(asked, by=member)
        with pytest.raises(workflow.Refused, match="Cora Council gave this review up. Only an editor can invite"):
            workflow.hand_over(asked, by=member, to=second_member)
        workflow.invite(asked, members=[second_member], by=editor)

    def test_no_day_is_asked_for_that_is_years_away(self, asked: Edition, second_member: User, editor: User):
        day = timezone.localdate() + datetime.timedelta(days=367)
        with pytest.raises(workflow.Refused, match="more than a year away"):
            workflow.invite(asked, members=[second_member], by=editor, due_on=day)
        with pytest.raises(workflow.Refused, match="more than a year away"):
            workflow.extend_invitation(asked.invitations.get(), by=editor, due_on=datetime.date(9999, 12, 31))

    def test_an_editor_gives_more_time_or_withdraws(self, asked: Edition, member: User, editor: User):
        row = ReviewInvitation.objects.get()
        later = timezone.localdate() + 30 * DAY
        workflow.extend_invitation(row, by=editor, due_on=later)
        assert newest_of(asked, member.pk).until == later
        with pytest.raises(workflow.Refused, match="later day"):
            workflow.extend_invitation(row, by=editor, due_on=later)
        workflow.withdraw_invitation(row, by=editor, reason="Not needed.")
        for refused in (
            lambda: workflow.withdraw_invitation(row, by=editor),
            lambda: workflow.extend_invitation(row, by=editor, due_on=later + DAY),
        ):
            with pytest.raises(workflow.Refused, match="No invitation"):
                refused()
        assert Notification.objects.filter(person=member).count() == 3
        with pytest.raises(workflow.Refused, match="was withdrawn"):
            workflow.accept(asked, by=member)
        whole()

    @pytest.mark.parametrize("how", ["set", "recused"])
    def test_a_lesser_part_ends_it(self, how: str, asked: Edition, member: User, editor: User):
        if how == "set":
            workflow.set_part(asked, member=member, by=editor, grade="no-vote", reason="A grant.")
        else:
            workflow.recuse(asked, by=member, grade="excluded", what="A fee", with_whom="Alpha")
        assert states(asked) == {"Ben Board": "withdrawn" if how == "set" else "declined"}
        whole()

    def test_with_the_round_it_ends(self, asked: Edition, draft: Article, author: User, member: User):
        workflow.pull_back(asked, by=author)
        assert states(asked) == {}
        assert Notification.objects.filter(person=member, sentence__contains="nothing is expected").exists()
        with pytest.raises(workflow.Refused):
            workflow.accept(asked, by=member)
        # The same words submitted again are another round.
        workflow.submit(draft, by=author)
        assert states(asked) == {}
        assert not ReviewInvitation.objects.live().exists()
        assert earlier_members(asked) == [member]

    def test_a_decision_ends_it_and_is_told(
        self, asked: Edition, member: User, second_member: User, author: User, draft: Article
    ):
        workflow.take_up(asked, by=second_member)
        approve(asked, second_member)
        assert Notification.objects.filter(person=member, kind=Kind.DECIDED).exists()
        assert not ReviewInvitation.objects.live().exists()

    def test_a_replaced_edition_ends_it(self, asked: Edition, draft: Article, author: User, member: User):
        again(draft, author)
        with pytest.raises(workflow.Refused, match="was replaced by edition 2"):
            workflow.accept(asked, by=member)


def test_the_next_round_invites_the_earlier_members(
    submitted: Edition, draft: Article, author: User, member: User, second_member: User, editor: User, person
):
    third, fourth = person("Tom Third", Role.BOARD_MEMBER), person("Fay Fourth", Role.BOARD_MEMBER)
    workflow.invite(submitted, members=[member, second_member, third, fourth], by=editor)
    workflow.accept(submitted, by=member)
    workflow.accept(submitted, by=second_member)
    workflow.decline(submitted, by=fourth)
    workflow.decide(submitted, by=member, kind="request-changes", password=PASSWORD, comment="The dose.")
    second = again(draft, author)
    assert [one.name for one in earlier_members(second)] == ["Ben Board", "Cora Council", "Tom Third"]
    workflow.set_part(second, member=third, by=editor, grade="excluded", reason="A grant.")
    workflow.invite(second, members=[second_member], by=editor)
    made, why_not = workflow.invite_again(second, by=editor)
    assert [one.member.name for one in made] == ["Ben Board"]
    assert len(why_not) == 1
    assert "Tom Third" in why_not[0]
    with pytest.raises(workflow.Refused, match="Tom Third"):
        workflow.invite_again(second, by=editor)
    workflow.accept(second, by=member)
    assert approve(second, member)
    whole()


def test_who_gave_a_claim_up_is_not_invited_again_with_the_others(
    submitted: Edition, draft: Article, author: User, member: User, second_member: User
):
    workflow.take_up(submitted, by=member)
    workflow.state_interests(submitted, by=second_member)
    workflow.give_up(submitted, by=member)
    workflow.decide(submitted, by=second_member, kind="request-changes", password=PASSWORD, comment="The dose.")
    assert earlier_members(again(draft, author)) == [second_member]


class TestReminders:
    @pytest.fixture
    def asked(self, submitted: Edition, member: User, editor: User) -> ReviewInvitation:
        (row,) = workflow.invite(submitted, members=[member], by=editor)
        return row

    @pytest.mark.parametrize(
        ("days", "told"),
        [(-4, 0), (-3, 1), (-1, 1), (0, 1), (2, 1), (3, 2), (20, 2), (30, 2), (31, 0)],
        ids=lambda value: str(value),
    )
    def test_from_which_day_on(self, days: int, told: int, asked: ReviewInvitation):
        assert reminding.remind_of_invitations(today=asked.due_on + days * DAY) == told
        assert reminding.remind_of_invitations(today=asked.due_on + days * DAY) == 0

    def test_every_stage_once_whatever_days_are_missed(self, asked: ReviewInvitation, member: User, editor: User):
        told = [reminding.remind_of_invitations(today=asked.due_on + days * DAY) for days in range(-10, 40)]
        assert sum(told) == 4
        assert Notification.objects.filter(person=member, about__startswith=f"invitation:{asked.pk}:").count() == 3
        assert Notification.objects.filter(person=editor, about__startswith=f"invitation:{asked.pk}:").count() == 1

    def test_an_editor_to_whom_it_is_closed_is_told_nothing(self, asked: ReviewInvitation, editor: User, person):
        both = person("Bo Both", Role.BOARD_MEMBER, Role.EDITOR)
        workflow.set_part(asked.edition, member=both, by=editor, grade="excluded", reason="A grant.")
        Notification.objects.all().delete()
        assert reminding.remind_of_invitations(today=asked.due_on + 3 * DAY) == 2
        assert not Notification.objects.filter(person=both).exists()

    def test_another_day_has_reminders_of_its_own(self, asked: ReviewInvitation, editor: User):
        reminding.remind_of_invitations(today=asked.due_on)
        workflow.extend_invitation(asked, by=editor, due_on=asked.due_on + 10 * DAY)
        assert reminding.remind_of_invitations(today=asked.due_on + DAY) == 0
        assert reminding.remind_of_invitations(today=asked.due_on + 10 * DAY) == 1

    def test_a_near_day_is_not_told_twice_at_once(self, submitted: Edition, second_member: User, editor: User):
        workflow.invite(submitted, members=[second_member], by=editor, due_on=timezone.localdate() + DAY)
        assert reminding.remind_of_invitations() == 0

    @pytest.mark.parametrize("end", ["declined", "withdrawn", "signed", "closed"])
    def test_what_ended_is_not_reminded_of(self, end: str, asked: ReviewInvitation, member: User, editor, author):
        if end == "declined":
            workflow.decline(asked.edition, by=member)
        if end == "withdrawn":
            workflow.withdraw_invitation(asked, by=editor)
        if end == "signed":
            workflow.accept(asked.edition, by=member)
            workflow.decide(asked.edition, by=member, kind="safety-objection", password=PASSWORD, comment="Harm.")
        if end == "closed":
            workflow.pull_back(asked.edition, by=author)
        assert reminding.remind_of_invitations(today=asked.due_on) == 0


class TestWorkload:
    def test_in_hand(self, submitted: Edition, member: User, second_member: User, editor: User, person):
        third = person("Tom Third", Role.BOARD_MEMBER)
        ids = [member.pk, second_member.pk, third.pk]
        assert {one.all for one in workload.in_hand(ids).values()} == {0}
        workflow.invite(submitted, members=[member, second_member], by=editor)
        assert workload.in_hand(ids)[member.pk] == workload.InHand(0, 1)
        workflow.accept(submitted, by=member)
        workflow.decline(submitted, by=second_member)
        workflow.state_interests(submitted, by=third)
        assert [workload.in_hand(ids)[pk] for pk in ids] == [
            workload.InHand(1, 0),
            workload.InHand(0, 0),
            workload.InHand(1, 0),
        ]
        workflow.decide(submitted, by=member, kind="safety-objection", password=PASSWORD, comment="Harm.")
        assert workload.in_hand(ids)[member.pk] == workload.InHand(0, 0)

    def test_histories(self, submitted: Edition, member: User, second_member: User, editor: User):
        today = timezone.localdate()
        ids = [member.pk, second_member.pk]
        assert workload.histories(ids, today=today)[member.pk] == workload.History()
        workflow.invite(submitted, members=[member, second_member], by=editor, due_on=today)
        workflow.accept(submitted, by=member)
        workflow.decline(submitted, by=second_member)
        assert workload.histories(ids, today=today + DAY)[member.pk] == workload.History(late=1)
        assert workload.histories(ids, today=today)[member.pk].late == 0
        approve(submitted, member)
        found = workload.histories(ids, today=today + DAY)
        assert (found[member.pk].reviewed, found[member.pk].late, round(found[member.pk].median_days or 0)) == (1, 0, 0)
        assert found[second_member.pk] == workload.History(declined=1)

    def test_an_objection_and_the_verdict_after_it_are_one_review(self, submitted: Edition, member: User):
        Review.objects.update(policy={"approvals_needed": 2, "verdicts_needed": 2})
        workflow.take_up(submitted, by=member)
        objection = workflow.decide(
            submitted, by=member, kind="safety-objection", password=PASSWORD, comment="Ten times the dose."
        )
        workflow.settle_objection(submitted, objection.pk, by=member, reason="I misread a table.")
        approve(submitted, member)
        assert workload.histories([member.pk], today=timezone.localdate())[member.pk].reviewed == 1
        assert [one.signed for one in figures.load() if one.name == member.name] == [1]

    def test_the_order_of_suggestions(self, draft: Article, author: User, editor: User, person):
        from articles import policies

        policies.write(None, by=editor, base_version=1, note="A heart.", specialties=["Cardiology"])
        author.institution = "Alpha Hospital"
        author.save()
        busy = person("Ada Busy", Role.BOARD_MEMBER, specialty="Cardiology")
        free = person("Zoe Free", Role.BOARD_MEMBER, specialty="cardiology")
        same = person("Abe Same", Role.BOARD_MEMBER, specialty="Cardiology", institution="alpha hospital")
        other = person("Al Other", Role.BOARD_MEMBER, specialty="Dentistry")
        never = person("Aa Never", Role.BOARD_MEMBER, specialty="Cardiology", declares=False)
        edition = workflow.submit(draft, by=author)
        another = Article(question="Another?", heading="H", lead="L [@alpha].", body="B [@alpha].", owner=author)
        drafting.save(another, by=author, base_version=0)
        workflow.take_up(workflow.submit(another, by=author), by=busy)
        found = suggesting.candidates(workflow.case_of(draft, edition), by=editor)
        assert [one.member for one in found] == [free, busy, same, other, never]
        assert [one.is_asked_for for one in found] == [True, True, True, False, True]
        assert found[2].same_institution == "Ada Author"
        assert found[-1].refusal

    def test_as_many_queries_for_many_members(
        self, submitted: Edition, editor: User, person, django_assert_num_queries
    ):
        from django.db import connection as database
        from django.test.utils import CaptureQueriesContext

        case = workflow.case_of(submitted.article, submitted)
        person("Mo One", Role.BOARD_MEMBER)
        with CaptureQueriesContext(database) as few:
            suggesting.candidates(case, by=editor)
        for number in range(8):
            person(f"Mo Member{number}", Role.BOARD_MEMBER)
        with django_assert_num_queries(len(few)):
            suggesting.candidates(case, by=editor)
        assert len(few) <= 11


class TestRecord:
    @pytest.fixture
    def rows(self, submitted: Edition, member: User, second_member: User, editor: User) -> ReviewInvitation:
        (row,) = workflow.invite(submitted, members=[member], by=editor, note="As Rosa Testperson asked.")
        workflow.extend_invitation(row, by=editor, due_on=row.due_on + DAY)
        workflow.accept(submitted, by=member)
        workflow.hand_over(submitted, by=member, to=second_member, reason="Rosa Testperson is a cousin.")
        return row

    @pytest.mark.parametrize("model", [ReviewInvitation, InvitationStep])
    def test_rows_are_only_inserted(self, model: type, rows: ReviewInvitation):
        for act in (
            lambda: model.objects.update(at=timezone.now()),
            lambda: model.objects.filter(pk__gt=0)._raw_delete(using="default"),
        ):
            with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
                act()

    def test_every_alteration_is_found(self, rows: ReviewInvitation, second_member: User, editor: User):
        whole()
        protection.remove(connection)
        step = InvitationStep.objects.get(kind=Step.HANDED_OVER)
        for model, pk, change in (
            (ReviewInvitation, rows.pk, {"note": "Something else."}),
            (ReviewInvitation, rows.pk, {"due_on": rows.due_on + DAY}),
            (ReviewInvitation, rows.pk, {"member": second_member}),
            (InvitationStep, step.pk, {"reason": "Something else."}),
            (InvitationStep, step.pk, {"kind": "declined"}),
            (InvitationStep, step.pk, {"by": editor}),
        ):
            with transaction.atomic():
                model.objects.filter(pk=pk).update(**change)
                assert any("invitation" in one.lower() for one in verifying.problems()), change
                transaction.set_rollback(True)
        with transaction.atomic():
            InvitationStep.objects.filter(pk=step.pk).delete()
            assert any("missing or altered" in one for one in verifying.problems())
            transaction.set_rollback(True)
        whole()

    def test_words_are_redacted(self, rows: ReviewInvitation, draft: Article, person):
        chief = person("Cleo Chief", Role.CHIEF_EDITOR)
        workflow.redact(draft, ["Rosa Testperson"], by=chief, reason="A patient's name.")
        assert "Rosa" not in "".join(ReviewInvitation.objects.values_list("note", flat=True))
        assert "Rosa" not in "".join(InvitationStep.objects.values_list("reason", flat=True))
        assert "Rosa" not in "".join(Transition.objects.values_list("reason", flat=True))
        assert "Rosa" not in "".join(Message.objects.values_list("text", flat=True))
        whole()
        assert protection.missing(connection) == []
