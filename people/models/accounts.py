"""People: who they are, and what they may act as and until when."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    AUTHOR = "author", _("author")
    BOARD_MEMBER = "board-member", _("board member")
    EDITOR = "editor", _("editor")
    CHIEF_EDITOR = "chief-editor", _("chief editor")
    ADMINISTRATOR = "administrator", _("administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; the e-mail address, in lower case, is the user name."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())

    def acting_as(self, *roles: str, at: datetime.date | None = None) -> models.QuerySet[User]:
        """Active people who hold one of the roles on that day (default: today). A chief editor is an editor."""
        day = at or timezone.localdate()
        also = {Role.CHIEF_EDITOR.value} if Role.EDITOR.value in roles else set()
        held = Appointment.objects.on(day).filter(role__in={*roles} | also)
        return self.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Never deleted: a leaver is deactivated, since the record names them."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    credentials = models.CharField(_("credentials"), max_length=120, blank=True, help_text=_("For example: MD, MPH"))
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    institution = models.CharField(_("institution"), max_length=160, blank=True)
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("May open the read-only record in the admin."))
    is_sample = models.BooleanField(
        default=False, help_text=_("An account of the sample content: it never signs in on a public site.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def printed_name(self) -> str:
        """Name and credentials as a signature shows them: "Alma Reyes, MD, MPH"."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def roles(self, at: datetime.date | None = None) -> frozenset[str]:
        """The roles held on that day (default: today), asked afresh. An inactive person holds none.

        A chief editor may do all that an editor may. A superuser acts as editor and administrator, never as a board
        member or as chief editor: that takes an appointment.
        """
        if not self.is_active:
            return frozenset()
        day = at or timezone.localdate()
        held = set(Appointment.objects.on(day).filter(user=self).values_list("role", flat=True))
        if Role.CHIEF_EDITOR.value in held:
            held.add(Role.EDITOR.value)
        if self.is_superuser:
            held |= {Role.EDITOR.value, Role.ADMINISTRATOR.value}
        return frozenset(held)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: datetime.date) -> AppointmentQuerySet:
        """Appointments in force on that day; the last day of a term still counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Appointment(models.Model):
    """A role that a person holds from one day to another, and who gave it. Ended, not deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    appointed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments_made"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start",
                # A role taken back on the day it was given ends the day before it began.
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on") - datetime.timedelta(days=1)),
            ),
            models.UniqueConstraint(fields=["user", "role"], condition=Q(ends_on=None), name="appointment_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"


class Invitation(models.Model):
    """An invitation to make an account, by mail or by a link to copy. Only the token's digest is kept."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    credentials = models.CharField(max_length=120, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_made")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_and_at",
                condition=Q(accepted_by=None, accepted_at=None)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"
