"""Invitations to the round of an edition, and what became of each.

Inserted, never changed: an invitation's state is that of its newest step, and its day that of the newest extension.
Each row has a transition that says the same. With its round every invitation ends: `live` asks for an open one.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Edition
from reviews.models.reviews import OPEN_STATES
from reviews.models.verdicts import Verdict

OPEN = "open"
"""The state of an invitation that nobody has answered."""


class Step(models.TextChoices):
    """What may become of an invitation."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    HANDED_OVER = "handed-over", _("handed over")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXTENDED = "extended", _("given more time")


IN_HAND = (OPEN, Step.ACCEPTED.value)
"""States in which something is still expected of the member."""


class ReviewInvitationQuerySet(models.QuerySet["ReviewInvitation"]):
    def with_state(self) -> Any:
        """Each with its `state` (a `Step`, or `OPEN`) and `until`, the day by which the verdict is asked for."""
        # By key and not by moment: whoever waited for the article's lock took the moment before it.
        steps = InvitationStep.objects.filter(invitation=OuterRef("pk")).order_by("-pk")
        answers = steps.exclude(kind=Step.EXTENDED).values("kind")[:1]
        days = steps.filter(kind=Step.EXTENDED).values("due_on")[:1]
        return self.annotate(
            state=Coalesce(Subquery(answers), Value(OPEN)), until=Coalesce(Subquery(days), F("due_on"))
        )

    def of_open_rounds(self) -> ReviewInvitationQuerySet:
        """Those of rounds that are open. An edition that was submitted again is in another round."""
        return self.filter(edition__review__state__in=OPEN_STATES, at__gte=F("edition__review__submitted_at"))

    def live(self) -> Any:
        """Those of open rounds that wait for an answer or a verdict, with state and day."""
        signed = Verdict.objects.that_stand().filter(edition=OuterRef("edition"), member=OuterRef("member"))
        return self.of_open_rounds().with_state().filter(~Exists(signed), state__in=IN_HAND)


class ReviewInvitation(models.Model):
    """One member, asked by an editor (or by a member who hands theirs over) to review one edition until a day."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="invitations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_invitations")
    member_name = models.CharField(max_length=250)
    due_on = models.DateField()
    note = models.TextField(blank=True)
    handed_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handed_to",
        help_text="Which it replaces.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_invitations_made")
    at = models.DateTimeField(default=timezone.now)

    state: str
    until: datetime.date
    """As `with_state` finds them."""

    objects = ReviewInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            # What a member is invited to is asked on the desk's first page.
            models.Index(fields=["member", "edition"], name="invitation_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_name}: {self.edition}"


class InvitationStep(models.Model):
    """One thing that became of an invitation: an answer, once each, or another day."""

    invitation = models.ForeignKey(ReviewInvitation, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Step.choices)
    due_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitation_steps")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "kind"], condition=~Q(kind="extended"), name="invitation_answered_once"
            ),
            models.CheckConstraint(
                name="invitation_day_only_if_extended",
                condition=Q(kind="extended", due_on__isnull=False) | (~Q(kind="extended") & Q(due_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.get_kind_display()}"
