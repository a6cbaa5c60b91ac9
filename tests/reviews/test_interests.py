"""Interests in an article under review: statements, parts, and what a signature keeps of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from articles.editions import VERDICT, canonical, digest
from articles.models import Article, Edition
from people import interests as declaring
from people.models import Declaration, Kind, Notification, Role, User
from reviews import interests, protection, verdicts, verifying, workflow
from reviews.models import Grade, InterestStatement, Part, Review, Transition, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(draft: Article, author: User) -> Edition:
    return workflow.submit(draft, by=author)


def sign(edition: Edition, by: User) -> Verdict:
    return workflow.decide(edition, by=by, kind="approve", password=PASSWORD)


def test_taking_up_states_that_there_is_nothing(submitted: Edition, member: User):
    workflow.take_up(submitted, by=member)
    row = InterestStatement.objects.get()
    assert (row.member, row.what, row.with_whom) == (member, "", "")
    assert [one.move for one in Transition.objects.all()] == ["submit", "state-interests", "take-up"]
    assert Transition.objects.get(move="state-interests").reason == "Nothing to declare in this article."


def test_what_was_stated_before_stands_when_it_is_taken_up(submitted: Edition, member: User, editor: User):
    workflow.state_interests(submitted, by=member, what="A  lecture fee", with_whom="Alpha Ltd")
    workflow.state_interests(submitted, by=member, what="A lecture fee", with_whom="Alpha Ltd")
    workflow.take_up(submitted, by=member)
    row = InterestStatement.objects.get()
    assert (row.what, row.with_whom) == ("A lecture fee", "Alpha Ltd")
    news = Notification.objects.get(kind=Kind.PART)
    assert news.person == editor
    assert "Ben Board has stated an interest in" in news.sentence


@pytest.mark.parametrize("said", [{"what": "A fee"}, {"with_whom": "Alpha Ltd"}])
def test_what_and_with_whom_belong_together(submitted: Edition, member: User, said: dict[str, str]):
    with pytest.raises(workflow.Refused, match="Say both"):
        workflow.state_interests(submitted, by=member, **said)
    assert not InterestStatement.objects.exists()


def test_a_second_member_states_before_signing(submitted: Edition, member: User, second_member: User):
    workflow.take_up(submitted, by=member)
    with pytest.raises(workflow.Refused, match="Say first whether you have interests"):
        sign(submitted, second_member)
    workflow.state_interests(submitted, by=second_member)
    assert sign(submitted, second_member)


def test_an_overdue_declaration_takes_up_nothing(submitted: Edition, person: Callable[..., User]):
    nora = person("Nora New", Role.BOARD_MEMBER, declares=False)
    with pytest.raises(workflow.Refused, match="declaration of interests is missing or overdue"):
        workflow.take_up(submitted, by=nora)
    declaring.declare(nora, {})
    workflow.take_up(submitted, by=nora)


class TestParts:
    def test_a_member_steps_back_and_only_further(self, submitted: Edition, member: User, editor: User):
        workflow.recuse(submitted, by=member, grade="no-vote", what="A fee", with_whom="Alpha")
        with pytest.raises(workflow.Refused, match="may discuss this answer but not vote"):
            workflow.take_up(submitted, by=member)
        for grade in ("no-vote", "full"):
            with pytest.raises(workflow.Refused, match="only step back further"):
                workflow.recuse(submitted, by=member, grade=grade, what="A fee", with_whom="Alpha")
        workflow.recuse(submitted, by=member, grade="excluded", what="Shares", with_whom="Alpha")
        assert interests.closed_to(member) == {submitted.article_id}
        assert [row.reason for row in Part.objects.all()] == ["A fee (Alpha)", "Shares (Alpha)"]
        assert Notification.objects.filter(kind=Kind.PART, person=editor).count() == 2
        assert list(verifying.problems()) == []

    def test_an_editor_sets_it_with_a_reason_and_the_member_is_told(
        self, submitted: Edition, member: User, editor: User
    ):
        with pytest.raises(workflow.Refused, match="Say why"):
            workflow.set_part(submitted, member=member, by=editor, grade="no-vote", reason=" ")
        workflow.set_part(submitted, member=member, by=editor, grade="no-vote", reason="A grant of the maker.")
        news = Notification.objects.get(kind=Kind.PART)
        assert news.person == member
        assert "Edda Editor set your part" in news.sentence
        assert interests.not_voting(submitted.article_id) == {member.pk}
        workflow.set_part(submitted, member=member, by=editor, grade="full", reason="It was another maker.")
        assert interests.not_voting(submitted.article_id) == frozenset()
        assert list(verifying.problems()) == []

    def test_nobody_sets_their_own_and_only_members_have_one(
        self, submitted: Edition, author: User, editor: User, person: Callable[..., User]
    ):
        both = person("Bo Both", Role.EDITOR, Role.BOARD_MEMBER)
        author.appointments.create(role=Role.BOARD_MEMBER)
        for who, by, why in [
            (both, both, "Nobody sets their own part"),
            (editor, both, "is not a board member"),
            (author, both, "wrote on this answer"),
        ]:
            with pytest.raises(workflow.Refused, match=why):
                workflow.set_part(submitted, member=who, by=by, grade="excluded", reason="Because.")
        with pytest.raises(workflow.Refused, match="has this part already"):
            workflow.set_part(submitted, member=both, by=editor, grade="full", reason="Because.")
        assert not Part.objects.exists()

    def test_it_holds_for_the_next_edition_too(self, submitted: Edition, member: User, author: User, editor: User):
        workflow.set_part(submitted, member=member, by=editor, grade="excluded", reason="A grant.")
        article = submitted.article
        article.refresh_from_db()
        from articles import drafting

        article.body += "\n\nMore [@gamma]."
        drafting.save(article, by=author, base_version=article.version)
        Notification.objects.all().delete()
        second = workflow.submit(article, by=author)
        with pytest.raises(workflow.Refused, match="closed to you"):
            workflow.take_up(second, by=member)
        assert not Notification.objects.filter(person=member).exists()

    def test_a_verdict_of_who_lost_the_vote_does_not_count(
        self, submitted: Edition, member: User, second_member: User, editor: User, person: Callable[..., User]
    ):
        third = person("Cleo Third", Role.BOARD_MEMBER, credentials="MD")
        review = Review.objects.get()
        review.policy |= {"approvals_needed": 2, "verdicts_needed": 2}
        review.save()
        workflow.take_up(submitted, by=member)
        sign(submitted, member)
        workflow.set_part(submitted, member=member, by=editor, grade="no-vote", reason="A grant came to light.")
        for other in (second_member, third):
            workflow.state_interests(submitted, by=other)
        sign(submitted, second_member)
        assert Review.objects.get().state == "under_review"
        sign(submitted, third)
        assert Review.objects.get().state == "approved"
        publication = workflow.publish(submitted, by=editor)
        names = [one["name"] for one in publication.statement["reviewers"]]
        assert names == ["Cora Council", "Cleo Third"]


class TestSigned:
    def test_what_was_declared_is_frozen_and_public(
        self, submitted: Edition, member: User, editor: User, client: Client
    ):
        declared = declaring.declare(member, {"shares": "Alpha Inc"})
        workflow.state_interests(submitted, by=member, what="A lecture fee", with_whom="Beta Ltd")
        workflow.take_up(submitted, by=member)
        verdict = sign(submitted, member)
        declaring.declare(member, {"shares": "None any more"})
        signed = verdicts.read(Verdict.objects.get(pk=verdict.pk))
        assert bytes(verdict.statement).startswith(b"imprimatur-verdict 2\n")
        assert signed["printed_name"] == "Ben Board, MD, PhD"
        assert signed["declared"] == "Shares and options: Alpha Inc."
        assert (signed["declaration"]["id"], signed["declaration"]["digest"]) == (declared.pk, declared.digest)
        assert (signed["interests"]["what"], signed["interests"]["with_whom"]) == ("A lecture fee", "Beta Ltd")
        assert signed["proof"] == "password"
        assert signed["policy"]["version"] == 1
        workflow.publish(submitted, by=editor)
        page = client.get(f"/answers/{submitted.article.slug}/").content.decode()
        assert "Shares and options: Alpha Inc. In this answer: A lecture fee (Beta Ltd)." in page
        assert "None any more" not in page

    def test_nothing_to_declare_is_said_in_a_sentence(
        self, submitted: Edition, member: User, editor: User, client: Client
    ):
        workflow.take_up(submitted, by=member)
        sign(submitted, member)
        workflow.publish(submitted, by=editor)
        page = client.get(f"/answers/{submitted.article.slug}/").content.decode()
        assert "Interests: nothing to declare, in general or in this answer." in page

    def test_a_verdict_of_format_1_still_verifies_and_shows(
        self, submitted: Edition, member: User, editor: User, client: Client
    ):
        """As it was written before declarations were dated: made by hand, with its transition's signature."""
        workflow.take_up(submitted, by=member)
        verdict = sign(submitted, member)
        said = verdicts.read(verdict)
        for name in ("declaration", "interests", "proof", "printed_name"):
            said.pop(name)
        said["declared"] = "No relevant interests."
        data = canonical(VERDICT, 1, said)
        protection.remove(connection)
        Verdict.objects.filter(pk=verdict.pk).update(statement=data, signature=digest(data))
        old = Verdict.objects.get(pk=verdict.pk)
        assert verdicts.first_difference(old) is None
        assert interests.in_public(verdicts.read(old)) == "No relevant interests."
        assert [sentence for sentence in verifying.problems() if "another signature" not in sentence] == []
        workflow.publish(submitted, by=editor)
        assert "No relevant interests." in client.get(f"/answers/{submitted.article.slug}/").content.decode()

    def test_a_declaration_that_was_taken_away_shows(self, submitted: Edition, member: User):
        workflow.take_up(submitted, by=member)
        sign(submitted, member)
        assert list(verifying.problems()) == []
        protection.remove(connection)
        Declaration.objects.filter(person=member).delete()
        assert any("missing or altered" in sentence for sentence in verifying.problems())


class TestRecord:
    @pytest.fixture
    def said(self, submitted: Edition, member: User, editor: User) -> Edition:
        workflow.state_interests(submitted, by=member, what="A fee", with_whom="Alpha")
        workflow.set_part(submitted, member=member, by=editor, grade="excluded", reason="A fee.")
        call_command("verify_record")
        return submitted

    @pytest.mark.parametrize("model", [InterestStatement, Part])
    def test_it_is_only_ever_added_to(self, said: Edition, model: type):
        for change in (lambda: model.objects.update(at=said.created_at), lambda: model.objects.all().delete()):
            with pytest.raises((IntegrityError, DatabaseError), match="is part of the record"), transaction.atomic():
                change()

    def test_whatever_is_altered_added_or_missing_is_found(self, said: Edition, second_member: User):
        protection.remove(connection)
        row, part = InterestStatement.objects.get(), Part.objects.get()
        tries: list[tuple[type, int, dict[str, object]]] = [
            (InterestStatement, row.pk, {"what": "No fee"}),
            (InterestStatement, row.pk, {"with_whom": "Beta"}),
            (InterestStatement, row.pk, {"member": second_member}),
            (Part, part.pk, {"grade": Grade.FULL}),
            (Part, part.pk, {"reason": "No reason."}),
            (Part, part.pk, {"member": second_member}),
            (Part, part.pk, {"member_name": "Somebody"}),
            (Part, part.pk, {"by": second_member}),
        ]
        for model, pk, change in tries:
            was = {name: getattr(model.objects.get(pk=pk), name) for name in change}
            model.objects.filter(pk=pk).update(**change)
            assert list(verifying.problems()), change
            model.objects.filter(pk=pk).update(**was)
            assert list(verifying.problems()) == []
        Part.objects.create(
            article=said.article, edition=said, member=second_member, grade="full", reason="x", by=second_member
        )
        assert any("is not what its transition tells of" in sentence for sentence in verifying.problems())
        Part.objects.all().delete()
        assert any("missing or altered" in sentence for sentence in verifying.problems())
