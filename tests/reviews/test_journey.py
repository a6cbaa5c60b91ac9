"""The workflow as people go through it: caution, replacement, four eyes, signatures, mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from articles import drafting, editions, freezing
from articles.models import Article, Edition, LivePage, Publication, Standing
from people.models import Appointment, Message, Role, User
from reviews import verdicts, workflow
from reviews.models import Review, State, Transition, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def approve(edition: Edition, by: User) -> Verdict:
    workflow.take_up(edition, by=by)
    return workflow.decide(edition, by=by, kind="approve", password=PASSWORD)


def revise(article: Article, by: User, more: str = "More words [@gamma].") -> Article:
    article.refresh_from_db()
    article.body += f"\n\n{more}"
    return drafting.save(article, by=by, base_version=article.version)


def read(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.content.decode()


def test_what_is_published_is_what_was_approved(
    draft: Article, author: User, member: User, editor: User, client: Client
):
    edition = workflow.submit(draft, by=author)
    approve(edition, member)
    workflow.publish(edition, by=editor)
    revise(draft, author, "Words that nobody has read [@gamma].")
    status, page = read(client, f"/answers/{draft.slug}/")
    assert status == 200
    assert edition.digest in page
    assert "Two trials agree" in page
    assert "Words that nobody has read" not in page
    assert "Reviewed and approved word for word by Ben Board, MD, PhD" in page


def test_a_page_is_not_composed_from_altered_bytes(draft: Article, author: User, member: User, editor: User):
    edition = workflow.submit(draft, by=author)
    approve(edition, member)
    edition.frozen = bytes(edition.frozen).replace(b"Two trials", b"Ten trials")
    with pytest.raises(editions.Altered):
        editions.read(edition)


def test_caution_goes_with_approval(draft: Article, author: User, member: User, editor: User, client: Client):
    edition = workflow.submit(draft, by=author)
    workflow.release_with_caution(edition, by=editor, reason="Readers need it now.")
    response = client.get(f"/answers/{draft.slug}/")
    page = response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in page
    assert "Caution: not yet approved" in page
    assert "pproved word for word" not in page
    assert "Reviewed by" not in page
    approve(edition, member)
    response = client.get(f"/answers/{draft.slug}/")
    page = response.content.decode()
    assert "X-Robots-Tag" not in response
    assert "Caution" not in page
    assert "Reviewed and approved word for word by Ben Board" in page
    assert [row.move for row in Transition.objects.all()] == [
        "submit",
        "release-with-caution",
        "state-interests",
        "take-up",
        "approve",
        "lift-caution",
    ]


@pytest.mark.parametrize("end", ["request-changes", "decline", "pull-back", "replace"])
def test_caution_leaves_the_public_at_once(
    end: str, draft: Article, author: User, member: User, editor: User, client: Client
):
    edition = workflow.submit(draft, by=author)
    workflow.release_with_caution(edition, by=editor, reason="Readers need it now.")
    workflow.take_up(edition, by=member)
    if end == "pull-back":
        workflow.pull_back(edition, by=author)
    elif end == "replace":
        workflow.submit(revise(draft, author), by=author)
    else:
        workflow.decide(edition, by=member, kind=end, password=PASSWORD, comment="The dose is wrong.")
    for path in (
        f"/answers/{draft.slug}/",
        f"/answers/{draft.slug}/?for=patient",
        f"/answers/{draft.slug}/editions/1/",
    ):
        status, page = read(client, path)
        assert status == 410, path
        assert "This answer is not public at present" in page
        assert "Two trials agree" not in page
        assert "Alpha helps a little" not in page
        assert "The dose is wrong" not in page
    assert Publication.objects.get().standing == Standing.LEFT
    assert not Publication.objects.listed().exists()
    call_command("verify_record")


def test_caution_never_replaces_an_approved_edition(draft: Article, author: User, member: User, editor: User):
    first = workflow.submit(draft, by=author)
    approve(first, member)
    workflow.publish(first, by=editor)
    second = workflow.submit(revise(draft, author), by=author)
    with pytest.raises(workflow.Refused, match="never takes its place"):
        workflow.release_with_caution(second, by=editor, reason="Urgent.")
    workflow.withdraw(first, by=editor, explanation="Out of date.")
    with pytest.raises(workflow.Refused, match="never takes its place"):
        workflow.release_with_caution(second, by=editor, reason="Urgent.")


def test_withdrawn_stays_readable_and_says_why(
    draft: Article, author: User, member: User, editor: User, client: Client
):
    edition = workflow.submit(draft, by=author)
    approve(edition, member)
    workflow.publish(edition, by=editor)
    workflow.withdraw(edition, by=editor, explanation="A newer trial contradicts it.")
    for path in (f"/answers/{draft.slug}/", f"/answers/{draft.slug}/editions/1/?for=nurse"):
        status, page = read(client, path)
        assert status == 200
        assert "A newer trial contradicts it." in page
        assert "Two trials agree" in page
        assert "noindex" in page
    assert not Publication.objects.listed().exists()


def test_earlier_editions_stay_at_their_addresses(
    draft: Article, author: User, member: User, editor: User, client: Client
):
    first = workflow.submit(draft, by=author)
    approve(first, member)
    workflow.publish(first, by=editor)
    second = workflow.submit(revise(draft, author, "A third trial [@gamma]."), by=author)
    approve(second, member)
    workflow.publish(second, by=editor, note="A third trial was added.")
    status, old = read(client, f"/answers/{draft.slug}/editions/1/")
    assert status == 200
    assert "A third trial" not in old.replace("A third trial was added.", "")
    assert first.digest in old
    status, new = read(client, f"/answers/{draft.slug}/")
    assert second.digest in new
    assert "A third trial was added." in new
    assert LivePage.objects.filter(article=draft).count() == 8 * 3


def test_a_notice_stands_on_every_page(draft: Article, author: User, member: User, editor: User, client: Client):
    edition = workflow.submit(draft, by=author)
    approve(edition, member)
    workflow.publish(edition, by=editor)
    workflow.add_notice(edition, by=editor, kind="correction", text="The dose in the table was corrected.")
    for page in LivePage.objects.all():
        status, text = read(client, f"/answers/{page.path}/" + (f"?for={page.audience}" if page.audience else ""))
        assert status == 200
        assert text.index("The dose in the table was corrected.") < text.index('id="bottom-line"')
    call_command("verify_record")


def test_the_same_source_makes_no_new_edition(draft: Article, author: User, member: User):
    edition = workflow.submit(draft, by=author)
    with pytest.raises(workflow.Refused, match="Edition 1 is submitted"):
        workflow.submit(draft, by=author)
    workflow.pull_back(edition, by=author)
    assert workflow.submit(draft, by=author) == edition
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="request-changes", password=PASSWORD, comment="Name the dose.")
    with pytest.raises(workflow.Refused, match="Edition 1 is changes requested"):
        workflow.submit(draft, by=author)
    assert workflow.submit(revise(draft, author), by=author).number == 2


def test_a_replaced_edition_cannot_be_approved(draft: Article, author: User, member: User):
    first = workflow.submit(draft, by=author)
    workflow.take_up(first, by=member)
    workflow.submit(revise(draft, author), by=author)
    with pytest.raises(workflow.Refused, match=r"Edition 1 was replaced by edition 2\."):
        workflow.decide(first, by=member, kind="approve", password=PASSWORD)
    assert not Verdict.objects.exists()


def test_a_save_between_check_and_freeze_is_seen(draft: Article, author: User):
    prepared = freezing.prepare(draft)
    revise(draft, author)
    with pytest.raises(drafting.Conflict):
        workflow.submit(draft, by=author, prepared=prepared)
    assert not Edition.objects.exists()


class TestFourEyes:
    @pytest.fixture
    def both(self, person: Callable[..., User]) -> User:
        """Somebody who is author, board member and editor at once."""
        return person("Uma Universal", Role.AUTHOR, Role.BOARD_MEMBER, Role.EDITOR)

    def refused(self, edition: Edition, by: User) -> None:
        with pytest.raises(workflow.Refused, match="four eyes"):
            workflow.take_up(edition, by=by)
        Review.objects.filter(edition=edition).update(state=State.UNDER_REVIEW)
        for kind in Verdict.Kind.values:
            with pytest.raises(workflow.Refused, match="four eyes"):
                workflow.decide(edition, by=by, kind=kind, password=PASSWORD, comment="Well.")
        assert not Verdict.objects.exists()

    def test_author(self, draft: Article, author: User):
        Appointment.objects.create(user=author, role=Role.BOARD_MEMBER)
        self.refused(workflow.submit(draft, by=author), author)

    def test_whoever_saved_a_version_before_a_later_author(self, draft: Article, both: User, author: User):
        revise(draft, both)
        edition = workflow.submit(revise(draft, author, "Last words."), by=author)
        self.refused(edition, both)

    def test_whoever_once_stood_in_the_byline(self, draft: Article, both: User, author: User):
        own = list(draft.byline)
        draft.byline = [*own, drafting.byline_entry(name=both.name, user=both)]
        drafting.save(draft, by=author, base_version=draft.version)
        draft.byline = own
        drafting.save(draft, by=author, base_version=draft.version)
        self.refused(workflow.submit(draft, by=author), both)

    def test_superuser(self, draft: Article, both: User, author: User):
        both.is_superuser = both.is_staff = True
        both.save()
        revise(draft, both)
        self.refused(workflow.submit(draft, by=author), both)

    def test_release_with_caution(self, draft: Article, both: User, author: User):
        revise(draft, both)
        edition = workflow.submit(draft, by=author)
        with pytest.raises(workflow.Refused, match="four eyes"):
            workflow.release_with_caution(edition, by=both, reason="Urgent.")

    def test_people_are_those_since_the_last_approved_edition(
        self, draft: Article, both: User, author: User, member: User
    ):
        revise(draft, both)
        first = workflow.submit(draft, by=author)
        approve(first, member)
        second = workflow.submit(revise(draft, author, "An update."), by=author)
        assert editions.read(first).contributor_ids == {author.pk, both.pk}
        assert editions.read(second).contributor_ids == {author.pk}
        workflow.take_up(second, by=both)

    def test_a_later_rename_of_accounts_changes_nothing_frozen(self, draft: Article, author: User):
        edition = workflow.submit(draft, by=author)
        author.name = "Somebody Else"
        author.save()
        frozen = editions.read(Edition.objects.get(pk=edition.pk)).frozen
        assert frozen["contributors"][0]["name"] == "Ada Author, MD"


class TestSignature:
    def test_holds_what_was_signed(self, draft: Article, author: User, member: User):
        edition = workflow.submit(draft, by=author)
        verdict = approve(edition, member)
        member.credentials = "None any more"
        member.save()
        signed = verdicts.read(Verdict.objects.get(pk=verdict.pk))
        assert signed["name"] == "Ben Board"
        assert signed["credentials"] == "MD, PhD"
        assert signed["edition_digest"] == edition.digest
        assert signed["meaning"] == "I have read this edition and approve its exact words for publication."
        assert signed["role"] == "board-member"
        assert signed["policy"]["approvals_needed"] == 1

    def test_needs_the_password(self, draft: Article, author: User, member: User):
        edition = workflow.submit(draft, by=author)
        workflow.take_up(edition, by=member)
        with pytest.raises(workflow.Refused, match="password is not right"):
            workflow.decide(edition, by=member, kind="approve", password="wrong")
        assert not Verdict.objects.exists()

    def test_needs_the_role_now(self, draft: Article, author: User, member: User):
        edition = workflow.submit(draft, by=author)
        workflow.take_up(edition, by=member)
        Appointment.objects.filter(user=member).update(starts_on="2020-01-01", ends_on="2020-12-31")
        with pytest.raises(workflow.Refused, match="Only a board member can do this"):
            workflow.decide(edition, by=member, kind="approve", password=PASSWORD)

    def test_several_reviewers_need_no_other_table(
        self, draft: Article, author: User, member: User, second_member: User
    ):
        edition = workflow.submit(draft, by=author)
        Review.objects.filter(edition=edition).update(
            policy={"version": 2, "approvals_needed": 2, "caution_allowed": True, "review_again_after_months": 12}
        )
        approve(edition, member)
        assert Review.objects.get().state == State.UNDER_REVIEW
        with pytest.raises(workflow.Refused, match="already signed"):
            workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
        workflow.state_interests(edition, by=second_member)
        workflow.decide(edition, by=second_member, kind="approve", password=PASSWORD)
        assert Review.objects.get().state == State.APPROVED


class TestMail:
    def test_one_message_to_each_concerned(
        self,
        draft: Article,
        author: User,
        member: User,
        second_member: User,
        editor: User,
        mailoutbox: list,
        django_capture_on_commit_callbacks: Callable,
    ):
        with django_capture_on_commit_callbacks(execute=True):
            edition = workflow.submit(draft, by=author)
        assert sorted(mail.to[0] for mail in mailoutbox) == sorted([member.email, second_member.email, editor.email])
        assert f"/desk/reviews/{edition.pk}/" in mailoutbox[0].body
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            approve(edition, member)
        assert sorted(mail.to[0] for mail in mailoutbox) == sorted([author.email, editor.email])
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            workflow.publish(edition, by=editor)
        assert sorted(mail.to[0] for mail in mailoutbox) == sorted([author.email, member.email])

    def test_nothing_is_posted_for_a_refused_move(self, draft: Article, author: User, outsider: User):
        with pytest.raises(workflow.Refused):
            workflow.submit(draft, by=outsider)
        assert not Message.objects.exists()

    def test_a_title_adds_no_header(self, draft: Article, author: User, member: User):
        draft.question = "Is this\nBcc: everybody@example.org?"
        drafting.save(draft, by=author, base_version=draft.version)
        workflow.submit(draft, by=author)
        assert "\n" not in Message.objects.get().subject
