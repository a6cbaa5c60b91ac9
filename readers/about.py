"""Who stands behind the answers and by which rules: the editorial policy, the board, and this site."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles import policies
from people.models import Appointment, Role, User
from readers.frame import Reader, public_page, rendered


@public_page
def policy(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The editors' preface, then the rules that the workflow obeys."""
    general, own = policies.all_in_force()
    return rendered(
        "readers/policy.html",
        reader,
        path=reverse("readers:policy"),
        section="policy",
        policy=general,
        own=own,
        caution_allowed=general.caution_allowed or any(rule.caution_allowed for _kind, rule in own),
    )


@public_page
def board(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The members of the medical advisory board today, with credentials, interests and terms."""
    today = timezone.localdate()
    terms = Appointment.objects.on(today).filter(role=Role.BOARD_MEMBER)
    members = User.objects.acting_as(Role.BOARD_MEMBER, at=today).prefetch_related(
        Prefetch("appointments", queryset=terms, to_attr="terms"), "declarations"
    )
    return rendered("readers/board.html", reader, path=reverse("readers:board"), section="board", members=list(members))


@public_page
def about(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What this site is, whom to write to, the licence, the disclaimer and what to do in an emergency."""
    return rendered("readers/about.html", reader, path=reverse("readers:about"), section="about")
