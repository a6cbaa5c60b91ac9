"""Invitations: an administrator names somebody and a role; whoever holds the link makes the account, once."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people import outbox
from people.models import Appointment, Invitation, Role, User
from people.roles import Refused

VALID_FOR = datetime.timedelta(days=14)


def invite(
    *,
    by: User,
    email: str,
    role: str,
    name: str = "",
    credentials: str = "",
    specialty: str = "",
    term_ends_on: datetime.date | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody by mail. Returns the invitation and its token, of which only the digest is kept. Raises Refused.

    An earlier open invitation of the same address ends: its link no longer works.
    """
    if Role.ADMINISTRATOR not in by.roles():
        raise Refused(_("Only an administrator can do this."))
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(_("%(email)s has an account already. Give the role on that person's page.") % {"email": email})
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        Invitation.objects.filter(email=email, accepted_at=None, expires_at__gt=now).update(expires_at=now)
        invitation = Invitation.objects.create(
            email=email,
            name=name,
            role=role,
            credentials=credentials,
            specialty=specialty,
            term_ends_on=term_ends_on,
            token_digest=digest_of(token),
            invited_by=by,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        outbox.post(
            key=f"invitation:{invitation.pk}",
            to=email,
            subject=_("Your invitation"),
            text=_(
                "%(by)s invites you as %(role)s.\n\n"
                "Open this link to make your account. It works once, until %(date)s:\n\n"
                "%(link)s\n"
            )
            % {
                "by": by,
                "role": invitation.get_role_display(),
                "date": invitation.expires_at.date().isoformat(),
                "link": link_of(token),
            },
        )
    return invitation, token


def link_of(token: str) -> str:
    """The address at which the account is made."""
    return settings.SITE_URL + reverse("desk:invitation", args=[token])


def digest_of(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_with(token: str) -> Invitation | None:
    """The invitation that this token still opens, or None where it is unknown, used or run out."""
    return Invitation.objects.filter(
        token_digest=digest_of(token), accepted_at=None, expires_at__gt=timezone.now()
    ).first()


def accept(token: str, *, name: str, credentials: str, specialty: str, password: str) -> User:
    """Make the account that an invitation promises, with its role. Raises Refused where the link no longer works."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update()
            .filter(token_digest=digest_of(token), accepted_at=None, expires_at__gt=timezone.now())
            .first()
        )
        if invitation is None:
            raise Refused(_("This invitation was used already or has run out. Ask for a new one."))
        if User.objects.filter(email=invitation.email).exists():
            raise Refused(_("There is an account for this address already. Sign in, or reset its password."))
        user = User.objects.create_user(
            invitation.email, password, name=name, credentials=credentials, specialty=specialty
        )
        Appointment.objects.create(
            user=user, role=invitation.role, ends_on=invitation.term_ends_on, appointed_by=invitation.invited_by
        )
        invitation.accepted_by, invitation.accepted_at = user, timezone.now()
        invitation.save(update_fields=["accepted_by", "accepted_at"])
    return user


def withdraw(invitation: Invitation, *, by: User) -> None:
    """End an open invitation: its link no longer works. Raises Refused."""
    if Role.ADMINISTRATOR not in by.roles():
        raise Refused(_("Only an administrator can do this."))
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=timezone.now()).update(
        expires_at=timezone.now()
    )
