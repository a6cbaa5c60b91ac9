"""Several people act on one answer in any order: whatever they do, the rules hold after each step.

A state machine of hypothesis draws who does what. Every move is either made or refused in a plain sentence; nothing
else may come of it. What must hold is told by a small model of its own, kept beside the workflow and asked of no rule
of it: who saved when, which terms a round was opened on, whose vote counts, which moves lead where, what was public.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles import drafting, policies
from articles import editions as frozen_editions
from articles.models import Article, Edition, LivePage, Publication, Thread
from people import roles
from people.models import Appointment, Role, User
from reviews import asking, verifying, workflow
from reviews.models import Part, Renewal, Review, ReviewInvitation, ScheduledPublication, Transition, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SOAK = os.environ.get("SOAK") == "1"
EXAMPLES, STEPS = (400, 60) if SOAK else (10, 30)

ANY_END = ("changes_requested", "declined", "pulled_back")
IN_REVIEW = ("submitted", "under_review")
ALL = ("submitted", "under_review", "approved", *ANY_END)
PUBLIC = ("live", "caution", "withdrawn")
EVER = ("", "live", "caution", "left", "withdrawn")
INVITING = (
    "invite",
    "accept-invitation",
    "decline-invitation",
    "hand-over-invitation",
    "withdraw-invitation",
    "extend-invitation",
)
# Where each move of the record leads from and to, by hand; "=" where it changes nothing.
LEADS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "submit": ("review", ("", "pulled_back"), "submitted"),
    "take-up": ("review", ("submitted",), "under_review"),
    # Of the approved edition with the signature of a review again.
    "state-interests": ("review", (*IN_REVIEW, "approved"), "="),
    "give-up": ("review", ("under_review",), "="),
    **dict.fromkeys(INVITING, ("review", IN_REVIEW, "=")),
    "recuse": ("review", IN_REVIEW, "="),
    "set-part": ("review", IN_REVIEW, "="),
    "give-verdict": ("review", ("under_review",), "="),
    "safety-objection": ("review", ("under_review",), "="),
    "resolve-objection": ("review", (*IN_REVIEW, *ANY_END), "="),
    "overrule-objection": ("review", (*IN_REVIEW, *ANY_END), "="),
    "approve": ("review", ("under_review",), "approved"),
    "minor-edits": ("review", ("under_review",), "changes_requested"),
    "request-changes": ("review", ("under_review",), "changes_requested"),
    "decline": ("review", ("under_review",), "declined"),
    "pull-back": ("review", IN_REVIEW, "pulled_back"),
    "publish": ("publication", EVER, "live"),
    "release-with-caution": ("publication", ("", "left"), "caution"),
    "lift-caution": ("publication", ("caution",), "live"),
    "leave": ("publication", ("caution", "withdrawn"), "left"),
    "withdraw": ("publication", ("live", "caution"), "withdrawn"),
    "restore": ("publication", ("withdrawn",), "live"),
    "add-notice": ("publication", PUBLIC, "="),
    "renew": ("publication", ("live",), "="),
}
TELLS_OF_A_TIME = ("schedule", "cancel-schedule")
STATUS = {"": 404, "live": 200, "caution": 200, "left": 410, "withdrawn": 200}
KINDS = ("approve", "minor-edits", "request-changes", "decline", "safety-objection")
GRADES = ("full", "no-vote", "excluded")
TEXT = "## Evidence\n\nMarker {number} [@alpha].\n"


class AnyOrder(RuleBasedStateMachine):
    """One answer, its people, and what is known of both without asking the workflow."""

    cast: dict[str, User]
    draft: Article
    reached: Counter[str] = Counter()
    """How often each move was made, in all examples."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = timezone.now()
        self.clock = timezone.now
        timezone.now = lambda: self.now
        self.article = Article.objects.get(pk=self.draft.pk)
        self.saved: list[tuple[int, int]] = [(self.article.version, self.cast["author"].pk)]
        self.text_of: dict[int, str] = {}
        self.body_of: dict[int, str] = {}
        self.terms: dict[int, dict[str, Any]] = {}
        self.wrote: dict[int, set[int]] = {}
        self.grade: dict[int, str] = {}
        self.seen_move = 0
        self.looked_at = -1
        self.state_of: dict[int, str] = {}
        self.standing = ""
        self.published: set[int] = set()
        self.seen_verdicts: set[int] = set()
        self.objections: set[int] = set()
        """Those that nobody settled."""

    def teardown(self) -> None:
        try:
            assert list(verifying.problems()) == []
        finally:
            timezone.now = self.clock
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # What people do.

    def tried(self, move: Callable[[], Any]) -> bool:
        """Whether it was done; else it was refused in a sentence, and left no trace."""
        self.now += datetime.timedelta(minutes=1)
        before = self.rows()
        try:
            move()
        except (workflow.Refused, asking.Refused, roles.Refused, policies.Refused) as refused:
            said = str(refused).strip()
        else:
            return True
        assert said.endswith((".", "”", "?")), said
        assert self.rows() == before
        return False

    @staticmethod
    def rows() -> list[int]:
        return [model.objects.count() for model in (Transition, Verdict, Part, Edition)]

    def edition(self, back: int = 0) -> Edition | None:
        """The newest edition, or one before it; as a page that was opened a while ago would name it."""
        rows = list(Edition.objects.filter(article=self.article).order_by("-number")[: back + 1])
        return rows[back] if back < len(rows) else None

    @initialize(
        needed=st.integers(1, 2),
        independent=st.booleans(),
        caution=st.sampled_from([True, True, False]),
        begun=st.sampled_from(
            ["live", "approved", "caution", "under review", "half signed", "objected to", "stepped back", "draft"]
        ),
    )
    def it_begins(self, needed: int, independent: bool, caution: bool, begun: str) -> None:
        """On some terms, and some way along: so that the long ways are gone in few steps, too."""
        self.write_terms(needed, independent, caution)
        if begun == "draft":
            return
        self.submit("author")
        edition = self.edition()
        assert edition
        if begun == "caution":
            self.tried(lambda: workflow.release_with_caution(edition, by=self.cast["chief"], reason="It is urgent."))
        self.tried(lambda: workflow.take_up(edition, by=self.cast["ben"]))
        self.tried(lambda: workflow.state_interests(edition, by=self.cast["cora"]))
        if begun == "objected to":
            self.decide(edition, "ben", "safety-objection")
        if begun == "stepped back":
            self.a_member_steps_back("ben", "no-vote")
            self.decide(edition, "ben", "approve")
        if begun in {"objected to", "stepped back"}:
            self.the_board_goes_through_it(["approve"] * 5)
        if begun in {"live", "approved", "half signed"}:
            self.decide(edition, "ben", "approve" if begun != "half signed" else "minor-edits")
        if begun in {"live", "approved"}:
            self.decide(edition, "cora", "approve")
        if begun == "live":
            assert self.tried(lambda: workflow.publish(edition, by=self.cast["chief"]))

    @rule(needed=st.integers(1, 3), independent=st.booleans(), caution=st.booleans())
    def an_editor_changes_the_policy(self, needed: int, independent: bool, caution: bool) -> None:
        self.write_terms(needed, independent, caution)

    def write_terms(self, needed: int, independent: bool, caution: bool) -> None:
        fields = {"approvals_needed": needed, "verdicts_needed": needed, "independent": independent}
        policies.write(
            None,
            by=self.cast["editor"],
            base_version=policies.version_of(None),
            note="Another quorum.",
            caution_allowed=caution,
            days=14,
            review_again_after_months=24,
            **fields,
        )

    @rule(who=st.sampled_from(["author", "author", "co-author", "bea", "board-editor"]))
    def somebody_saves(self, who: str) -> None:
        article = Article.objects.get(pk=self.article.pk)
        article.body = TEXT.format(number=f"{len(self.saved)}x")
        by = self.cast[who]
        drafting.save(article, by=by, base_version=article.version)
        self.saved.append((article.version, by.pk))

    @rule(who=st.sampled_from(["author", "author", "co-author", "editor", "bea"]), editorial=st.sampled_from([0, 0, 1]))
    def somebody_submits(self, who: str, editorial: int) -> None:
        self.submit(who, editorial)

    def submit(self, who: str, editorial: int = 0) -> bool:
        article = Article.objects.get(pk=self.article.pk)
        terms = policies.in_force(None).as_data()
        made: list[Edition] = []
        if not self.tried(
            lambda: made.append(workflow.submit(article, by=self.cast[who], is_editorial=bool(editorial)))
        ):
            return False
        edition = made[0]
        if edition.pk not in self.terms:
            approved = Review.objects.filter(article=article, state="approved").exclude(edition=edition)
            since = max((one.edition.article_version for one in approved.select_related("edition")), default=0)
            self.wrote[edition.pk] = {by for version, by in self.saved if version > since} | {self.cast["author"].pk}
            self.text_of[edition.pk] = (
                article.body.split("Marker ")[1].split(" ")[0] if "Marker" in article.body else ""
            )
            self.body_of[edition.pk] = article.body
            self.terms[edition.pk] = terms
        self.terms[edition.pk].pop("editorial_fix_of", None)
        self.terms[edition.pk] |= Review.objects.get(edition=edition).policy if editorial else {}
        return True

    @rule(who=st.sampled_from(["author", "co-author", "editor", "bea"]), back=st.integers(0, 1))
    def somebody_pulls_back(self, who: str, back: int) -> None:
        if edition := self.edition(back):
            self.tried(lambda: workflow.pull_back(edition, by=self.cast[who]))

    members = st.sampled_from(["bea", "ben", "cora", "dan", "board-editor", "author", "super"])

    @precondition(lambda self: self.edition())
    @rule(who=members, what=st.sampled_from(["", "", "A fee"]))
    def a_member_states_interests(self, who: str, what: str) -> None:
        edition = self.edition()
        assert edition
        self.tried(lambda: workflow.state_interests(edition, by=self.cast[who], what=what, with_whom=what and "Alpha"))

    @precondition(lambda self: self.edition())
    @rule(who=members, back=st.integers(0, 1))
    def a_member_takes_up(self, who: str, back: int) -> None:
        if edition := self.edition(back):
            self.tried(lambda: workflow.take_up(edition, by=self.cast[who]))

    @precondition(lambda self: self.edition())
    @rule(who=st.sampled_from(["bea", "ben", "cora", "board-editor"]))
    def a_member_gives_up(self, who: str) -> None:
        edition, by = self.edition(), self.cast[who]
        assert edition
        if self.tried(lambda: workflow.give_up(edition, by=by)):
            assert not self.decide(edition, who, "approve")

    @precondition(lambda self: self.edition())
    @rule(who=st.sampled_from(["editor", "editor", "chief", "board-editor"]), member=members)
    def an_editor_invites(self, who: str, member: str) -> None:
        edition, by = self.edition(), self.cast[who]
        assert edition
        self.tried(lambda: workflow.invite(edition, members=[self.cast[member]], by=by))

    @precondition(lambda self: ReviewInvitation.objects.exists())
    @rule(who=members, how=st.sampled_from(["accept", "accept", "decline", "hand over"]), to=members)
    def a_member_answers_an_invitation(self, who: str, how: str, to: str) -> None:
        edition, by = self.edition(), self.cast[who]
        assert edition
        answers: dict[str, Callable[[], Any]] = {
            "accept": lambda: workflow.accept(edition, by=by),
            "decline": lambda: workflow.decline(edition, by=by),
            "hand over": lambda: workflow.hand_over(edition, by=by, to=self.cast[to]),
        }
        if self.tried(answers[how]) and how != "accept":
            assert not self.decide(edition, who, "approve")

    @precondition(lambda self: ReviewInvitation.objects.exists())
    @rule(who=st.sampled_from(["editor", "chief", "board-editor"]), days=st.sampled_from([0, 0, 60]))
    def an_editor_changes_an_invitation(self, who: str, days: int) -> None:
        row, by = ReviewInvitation.objects.latest("pk"), self.cast[who]
        day = timezone.localdate() + datetime.timedelta(days=days)
        self.tried(
            lambda: (
                workflow.extend_invitation(row, by=by, due_on=day) if days else workflow.withdraw_invitation(row, by=by)
            )
        )

    @precondition(lambda self: self.edition())
    @rule(
        who=members, kind=st.sampled_from(["approve", *KINDS]), back=st.sampled_from([0, 0, 0, 1]), right=st.booleans()
    )
    def a_member_decides(self, who: str, kind: str, back: int, right: bool) -> None:
        if edition := self.edition(back):
            self.decide(edition, who, kind, PASSWORD if right or kind == "approve" else "wrong")

    def decide(self, edition: Edition, who: str, kind: str, password: str = PASSWORD) -> bool:
        by = self.cast[who]
        return self.tried(
            lambda: workflow.decide(edition, by=by, kind=kind, password=password, comment=f"{kind}: see my comment.")
        )

    @precondition(lambda self: self.edition())
    @rule(kinds=st.lists(st.sampled_from(["approve", "approve", "approve", "minor-edits"]), min_size=5, max_size=5))
    def the_board_goes_through_it(self, kinds: list[str]) -> None:
        """Everybody on the board does their part: so that the long ways to a public answer are gone, too."""
        edition = self.edition()
        assert edition
        for who, kind in zip(("bea", "ben", "cora", "dan", "board-editor"), kinds, strict=True):
            by = self.cast[who]
            self.tried(lambda by=by: workflow.state_interests(edition, by=by))  # type: ignore[misc]
            self.tried(lambda by=by: workflow.take_up(edition, by=by))  # type: ignore[misc]
            self.decide(edition, who, kind)

    @precondition(lambda self: self.edition())
    @rule(who=st.sampled_from(["author", "author", "co-author"]), agrees=st.booleans())
    def a_new_edition_is_confirmed(self, who: str, agrees: bool) -> None:
        """The author answers, saves and submits again; who signed before signs the new edition in one step."""
        for thread in Thread.objects.filter(edition__article=self.article, resolved_at=None):
            self.tried(lambda thread=thread: asking.resolve(thread, by=self.cast["author"]))  # type: ignore[misc]
        self.somebody_saves(who)
        before = self.edition()
        if not self.submit(who) or before is None:
            return
        edition = self.edition()
        assert edition
        self.tried(lambda: workflow.take_up(edition, by=self.cast["ben"]))
        for verdict in before.verdicts.all():
            name = next(name for name, one in self.cast.items() if one.pk == verdict.member_id)
            self.decide(edition, name, "approve" if agrees else "request-changes")

    @precondition(lambda self: self.edition())
    @rule(who=members, grade=st.sampled_from(GRADES[1:]))
    def a_member_steps_back(self, who: str, grade: str) -> None:
        edition, by = self.edition(), self.cast[who]
        assert edition
        if self.tried(lambda: workflow.recuse(edition, by=by, grade=grade, what="A grant", with_whom="Alpha")):
            assert GRADES.index(grade) > GRADES.index(self.grade.get(by.pk, "full"))
            self.grade[by.pk] = grade

    @precondition(lambda self: self.edition())
    @rule(
        who=st.sampled_from(["editor", "chief", "board-editor"]),
        member=members,
        grade=st.sampled_from(["full", "full", *GRADES]),
    )
    def an_editor_sets_a_part(self, who: str, member: str, grade: str) -> None:
        edition, one = self.edition(), self.cast[member]
        assert edition
        if self.tried(
            lambda: workflow.set_part(edition, member=one, by=self.cast[who], grade=grade, reason="As was said.")
        ):
            assert who != member
            assert edition.pk not in {row.edition_id for row in Verdict.objects.filter(member=self.cast[who])}
            self.grade[one.pk] = grade

    @precondition(lambda self: self.edition())
    @rule(who=st.sampled_from(["bea", "ben", "editor", "author"]))
    def somebody_comments(self, who: str) -> None:
        edition = self.edition()
        assert edition
        self.tried(lambda: asking.ask(edition, by=self.cast[who], text=f"Why so, at {self.now:%H:%M:%S}?"))

    @rule(who=st.sampled_from(["author", "editor", "ben"]), how=st.sampled_from(["done", "not-done"]))
    def somebody_answers(self, who: str, how: str) -> None:
        thread = Thread.objects.filter(edition__article=self.article, resolved_at=None).first()
        if thread:
            self.tried(lambda: asking.resolve(thread, by=self.cast[who], how=how, because="It says so."))

    @precondition(lambda self: Verdict.objects.filter(kind="safety-objection").exists())
    @rule(who=st.sampled_from(["bea", "ben", "cora", "chief", "chief", "editor"]))
    def an_objection_is_settled(self, who: str) -> None:
        edition = self.edition()
        objection = Verdict.objects.filter(kind="safety-objection", edition__article=self.article).last()
        assert edition
        assert objection
        by = self.cast[who]
        if self.tried(lambda: workflow.settle_objection(edition, objection.pk, by=by, reason="It does no harm.")):
            assert who == "chief" or objection.member_id == by.pk

    editors = st.sampled_from(["editor", "editor", "chief", "board-editor", "super", "ben"])

    @precondition(lambda self: self.edition())
    @rule(who=editors, back=st.sampled_from([0, 0, 1, 2]))
    def an_editor_publishes(self, who: str, back: int) -> None:
        if edition := self.edition(back):
            self.tried(lambda: workflow.publish(edition, by=self.cast[who]))

    @precondition(lambda self: self.edition())
    @rule(who=editors, back=st.sampled_from([0, 0, 1]))
    def an_editor_releases_with_caution(self, who: str, back: int) -> None:
        if edition := self.edition(back):
            self.tried(lambda: workflow.release_with_caution(edition, by=self.cast[who], reason="It is urgent."))

    @precondition(lambda self: self.edition())
    @rule(who=editors, hours=st.integers(1, 3), cancels=st.sampled_from([False, False, True]))
    def an_editor_schedules(self, who: str, hours: int, cancels: bool) -> None:
        edition, by = self.edition(), self.cast[who]
        assert edition
        at = self.now + datetime.timedelta(hours=hours)
        self.tried(lambda: workflow.schedule(edition, by=by, at=at))
        if cancels:
            self.tried(lambda: workflow.cancel(edition, by=by))

    @rule(hours=st.integers(1, 5))
    def the_sweep_comes(self, hours: int) -> None:
        self.now += datetime.timedelta(hours=hours)
        workflow.publish_due()
        assert not ScheduledPublication.objects.filter(outcome="waiting", at__lte=self.now).exists()

    @precondition(lambda self: self.standing)
    @rule(who=editors, what=st.sampled_from(["withdraw", "restore", "correction", "concern", "retraction"]))
    def an_editor_acts_on_what_is_public(self, who: str, what: str) -> None:
        edition, by = Publication.objects.get(article=self.article).edition, self.cast[who]
        moves = {
            "withdraw": lambda: workflow.withdraw(edition, by=by, explanation="Out of date."),
            "restore": lambda: workflow.restore(edition, by=by, reason="It holds."),
        }
        self.tried(moves.get(what, lambda: workflow.add_notice(edition, by=by, kind=what, text=f"A {what}.")))

    @precondition(lambda self: self.standing)
    @rule(who=members)
    def a_member_reviews_it_again(self, who: str) -> None:
        publication = Publication.objects.get(article=self.article)
        by, before = self.cast[who], Renewal.objects.count()
        self.tried(
            lambda: workflow.renew(publication.edition, by=by, password=PASSWORD, last_reviewed=publication.reviewed_at)
        )
        if Renewal.objects.count() > before:
            assert not publication.is_retracted
            assert publication.standing == "live"
            assert by.pk not in {one for _version, one in self.saved}
            assert self.grade.get(by.pk, "full") == "full"

    @rule(who=st.sampled_from(["dan", "cora", "board-editor"]), comes_back=st.booleans())
    def a_role_ends_or_begins(self, who: str, comes_back: bool) -> None:
        one, admin = self.cast[who], self.cast["admin"]
        if comes_back:
            self.tried(lambda: roles.appoint(one, role=Role.BOARD_MEMBER, by=admin))
        else:
            self.tried(lambda: roles.end(one, role=Role.BOARD_MEMBER, by=admin))

    # What holds after each step.

    @invariant()
    def moves_lead_where_the_table_says(self) -> None:
        rows = Transition.objects.filter(number__gt=self.seen_move).order_by("number").select_related("edition")
        for row in rows:
            self.seen_move = row.number
            self.reached[row.move] += 1
            if row.move in TELLS_OF_A_TIME:
                assert (row.from_state, row.to_state) == ("", "")
                continue
            subject, sources, target = LEADS[row.move]
            was = self.standing if subject == "publication" else self.state_of.get(row.edition_id, "")
            assert (row.subject, row.from_state) == (subject, was), row
            assert row.from_state in sources, row
            assert row.to_state == (was if target == "=" else target), row
            if subject == "publication":
                self.standing = row.to_state
                self.public = row.edition
                self.published |= {row.edition_id} if row.move in {"publish", "lift-caution"} else set()
                if row.move == "release-with-caution":
                    assert row.by_id not in self.wrote[row.edition_id]
                    assert self.terms[row.edition_id]["caution_allowed"]
            else:
                self.state_of[row.edition_id] = row.to_state
            if row.move == "approve":
                self.approved_by_a_quorum(row.edition)
            if row.move == "safety-objection":
                self.objections.add(row.verdict_id)
            if row.move in {"resolve-objection", "overrule-objection"}:
                self.objections.remove(row.verdict_id)
            if row.move in {"publish", "release-with-caution", "restore", "renew", "lift-caution"}:
                assert not self.objections
        assert self.state_of == dict(Review.objects.values_list("edition", "state"))

    @invariant()
    def verdicts_are_of_those_who_may_judge(self) -> None:
        for row in Verdict.objects.exclude(pk__in=self.seen_verdicts).select_related("edition", "member"):
            self.seen_verdicts.add(row.pk)
            assert row.member_id not in self.wrote[row.edition_id], "four eyes"
            assert self.grade.get(row.member_id, "full") == "full"
            assert Appointment.objects.on(timezone.localdate()).filter(user=row.member, role="board-member").exists()
            assert row.edition_digest == hashlib.sha256(bytes(row.edition.frozen)).hexdigest()

    def approved_by_a_quorum(self, edition: Edition) -> None:
        """Enough members with a vote approved these very bytes, on the terms with which the round was opened."""
        terms = self.terms[edition.pk]
        verdicts = [row for row in edition.verdicts.all() if self.grade.get(row.member_id, "full") == "full"]
        approvals = [row for row in verdicts if row.kind == "approve"]
        assert len(approvals) >= terms["approvals_needed"], (approvals, terms)
        assert len(verdicts) >= terms["verdicts_needed"]
        assert not {row.member_id for row in approvals} & self.wrote[edition.pk]
        assert {row.edition_digest for row in approvals} == {edition.digest}
        settled = Transition.objects.filter(move__in=["resolve-objection", "overrule-objection"]).values("verdict")
        objections = Verdict.objects.filter(kind="safety-objection", edition__article=self.article)
        assert not objections.exclude(pk__in=settled).exists()

    @invariant()
    def terms_of_a_round_stay(self) -> None:
        for review in Review.objects.all():
            assert review.policy == self.terms[review.edition_id]

    @invariant()
    def the_public_sees_what_it_should(self) -> None:
        """Looked at where a move was made since: a refused one leaves nothing behind."""
        if self.looked_at != self.seen_move:
            self.looked_at = self.seen_move
            self.the_public_sees_what_is_live()
            self.what_was_public_is_never_lost()

    def the_public_sees_what_is_live(self) -> None:
        address = f"/answers/{self.slug()}/"
        client = Client()
        response = client.get(address)
        listed = self.draft.question in client.get("/answers/").content.decode()
        assert response.status_code == STATUS[self.standing]
        assert listed is (self.standing in {"live", "caution"})
        if response.status_code != 200:
            assert b"Marker" not in response.content
            return
        page = response.content.decode()
        edition = Edition.objects.select_related("review").get(pk=self.public.pk)
        shown = self.markers(page)
        assert shown <= {self.text_of[edition.pk]} - {""}, shown
        assert self.text_of[edition.pk] == "" or shown
        is_approved = self.state_of[edition.pk] == "approved"
        # A page that begins with a retraction or a withdrawal says no such thing; none says it of what is not approved.
        assert ("approved word for word" in page) <= is_approved
        assert (self.standing == "live") <= is_approved
        if is_approved:
            read = frozen_editions.read(edition)
            assert hashlib.sha256(bytes(edition.frozen)).hexdigest() == edition.digest
            assert read.source["body"] == self.body_of[edition.pk]

    def what_was_public_is_never_lost(self) -> None:
        for edition in Edition.objects.filter(pk__in=self.published):
            page = Client().get(f"/answers/{self.slug()}/editions/{edition.number}/")
            assert page.status_code == 200
            marker = self.text_of[edition.pk]
            assert self.markers(page.content.decode()) == ({marker} if marker else set())
        unseen = Edition.objects.exclude(pk__in=LivePage.objects.values("edition"))
        assert not unseen.filter(pk__in=self.published).exists()

    def slug(self) -> str:
        publication = Publication.objects.filter(article=self.article).first()
        return publication.slug if publication else self.article.slug

    @staticmethod
    def markers(page: str) -> set[str]:
        return {piece.split("x", 1)[0] + "x" for piece in page.split("Marker ")[1:]}


@pytest.fixture
def machine(
    draft: Article, author: User, editor: User, administrator: User, person: Callable[..., User]
) -> type[AnyOrder]:
    """The state machine with its people: on the board a full one, ones who step back, and one whose role ends."""
    AnyOrder.draft = draft
    AnyOrder.cast = {
        "author": author,
        "co-author": person("Cleo Coauthor", Role.AUTHOR),
        "bea": person("Bea Board", Role.BOARD_MEMBER, Role.AUTHOR, specialty="Cardiology"),
        "ben": person("Ben Board", Role.BOARD_MEMBER, specialty="Pharmacy"),
        "cora": person("Cora Council", Role.BOARD_MEMBER),
        "dan": person("Dan Departing", Role.BOARD_MEMBER),
        "board-editor": person("Bo Both", Role.BOARD_MEMBER, Role.EDITOR),
        "editor": editor,
        "chief": person("Cleo Chief", Role.CHIEF_EDITOR),
        "super": person("Sue Super", is_superuser=True),
        "admin": administrator,
    }
    return AnyOrder


def test_whatever_people_do_in_any_order_the_rules_hold(machine: type[AnyOrder]):
    machine.reached.clear()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            derandomize=not SOAK,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if SOAK else [Phase.generate],
        ),
    )
    assert machine.reached["approve"]
    assert machine.reached["publish"]
    if SOAK:
        assert set(machine.reached) == {*LEADS, *TELLS_OF_A_TIME}
