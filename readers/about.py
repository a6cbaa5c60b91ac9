"""Who stands behind the answers and by which rules: the editorial policy, the board, and this site."""

from __future__ import annotations

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles import policies
from articles.models import Publication
from articles.policy_in_words import sentences
from people.models import Appointment, Role, User
from readers.frame import Reader, kept_page, rendered


@kept_page
def policy(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The editors' preface, then the rules that the workflow obeys."""
    general, own = policies.all_in_force()
    return rendered(
        "readers/policy.html",
        reader,
        path=reverse("readers:policy"),
        section="policy",
        policy=general,
        rules=sentences(general),
        own=[(kind, rule, sentences(rule)) for kind, rule in own],
        history=policies.history(),
        caution_allowed=general.caution_allowed or any(rule.caution_allowed for _kind, rule in own),
    )


@kept_page
def board(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The medical advisory board: its members today, with credentials, interests, terms and how many answers each
    reviewed; and apart from them those who were members.
    """
    members, former = board_people()
    return rendered(
        "readers/board.html",
        reader,
        path=reverse("readers:board"),
        section="board",
        members=members,
        former=former,
    )


def board_people() -> tuple[list[User], list[User]]:
    """The members of today and the former ones, each with `terms`, `declarations` and how many answers they `reviewed`.

    Three queries.
    """
    today = timezone.localdate()
    # A term that was taken back on the day it was given never was one.
    terms = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), role=Role.BOARD_MEMBER)
    terms = terms.filter(starts_on__lte=today).order_by("-starts_on", "-pk")
    reviewed = Publication.objects.listed().filter(reviewed_by=OuterRef("pk")).order_by().values("reviewed_by")
    counted = Subquery(reviewed.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    people = (
        User.objects.filter(pk__in=terms.values("user"))
        .annotate(reviewed=Coalesce(counted, 0))
        .prefetch_related(Prefetch("appointments", queryset=terms, to_attr="terms"), "declarations")
        .order_by("name", "pk")
    )
    members: list[User] = []
    former: list[User] = []
    for person in people:
        ends = [term.ends_on for term in person.terms]
        acts = person.is_active and any(end is None or end >= today for end in ends)
        (members if acts else former).append(person)
    return members, former


@kept_page
def about(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What this site is, whom to write to, the licence, the disclaimer and what to do in an emergency."""
    return rendered("readers/about.html", reader, path=reverse("readers:about"), section="about")
