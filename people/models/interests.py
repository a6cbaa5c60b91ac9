"""Declarations of interests: what each person said of themselves, dated. Inserted, never changed: a new one follows."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.accounts import User

MONTHS_BACK = 36
"""How far back a declaration looks, as the ICMJE's form does."""


class Category(models.TextChoices):
    """What a declaration is asked about: the ICMJE's categories, in our own words."""

    GRANTS = "grants", _("Grants and contracts")
    ROYALTIES = "royalties", _("Royalties and licences")
    CONSULTING = "consulting", _("Fees for advice")
    SPEAKING = "speaking", _("Fees for talks, teaching or writing")
    TESTIMONY = "testimony", _("Fees as an expert witness")
    TRAVEL = "travel", _("Travel and meetings paid for")
    PATENTS = "patents", _("Patents")
    OVERSIGHT = "oversight", _("Seats on advisory or safety boards")
    OFFICES = "offices", _("Offices held elsewhere")
    SHARES = "shares", _("Shares and options")
    GIFTS = "gifts", _("Materials, services or gifts received")
    OTHER = "other", _("Other interests")
    EARLIER = "earlier", _("As declared earlier")


class Declaration(models.Model):
    """One person's interests as they declared them at one time; the newest is the one in force."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="declarations")
    at = models.DateTimeField(default=timezone.now)
    renew_by = models.DateField(help_text="The last day on which it is in date.")
    entries = models.JSONField(default=list, blank=True, help_text="[{category, text}]; empty: nothing to declare.")
    sentence = models.TextField(blank=True, help_text="What the public reads; empty: nothing to declare.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of all of it: see people/interests.py.")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # Whose declaration is in date, and whose newest one runs out.
            models.Index(fields=["renew_by", "person"], name="declaration_in_date"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.at:%Y-%m-%d}: {self.sentence or 'nothing to declare'}"

    @property
    def covers_from(self) -> datetime.date:
        """The first day of the months that it looks back on."""
        return months_before(timezone.localdate(self.at), MONTHS_BACK)

    def is_in_date(self, today: datetime.date | None = None) -> bool:
        return self.renew_by >= (today or timezone.localdate())

    def labelled(self) -> list[dict[str, Any]]:
        """Its entries with the names of their categories, for a page."""
        return [{"label": Category(one["category"]).label, "text": one["text"]} for one in self.entries]


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier (or later, for a negative number); the 28th where that month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return day.replace(year=year, month=month + 1, day=28)
