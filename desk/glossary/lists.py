"""The list of the glossary's terms, from A to Z. A constant number of queries, whatever its length."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import glossary as rules
from articles.models import Spelling, Term
from desk.access import EDITOR, roles_of
from desk.policy import WRITERS

PAGE = 50


class Filters(forms.Form):
    """What the list can be narrowed by. A value that is no choice is ignored."""

    q = forms.CharField(
        label=gettext_lazy("Term, spelling or plain words"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, counts: dict[str, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("in force and proposed")),
            *((state.value, f"{state.label} ({counts.get(state.value, 0)})") for state in Term.State),
        ]


def glossary(request: HttpRequest) -> HttpResponse:
    """GET: terms in force and proposed, proposals first; `q` and `state` narrow the list."""
    counts: dict[str, int] = dict(Term.objects.order_by().values_list("state").annotate(Count("pk")))
    filters = Filters(request.GET, counts=counts)
    filters.is_valid()
    chosen = {name: value for name, value in filters.cleaned_data.items() if value}
    page = Paginator(narrowed(chosen), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "desk/glossary/list.html",
        {
            "section": "glossary",
            "filters": filters,
            "is_narrowed": bool(chosen),
            "page_obj": page,
            "query": query.urlencode(),
            "in_force": counts.get(Term.State.IN_FORCE, 0),
            "version": rules.version(),
            "may_write": bool(roles_of(request) & WRITERS),
            "is_editor": EDITOR in roles_of(request),
        },
    )


def narrowed(chosen: dict[str, Any]) -> QuerySet[Term]:
    """The terms that fit every filter that was chosen."""
    rows = Term.objects.select_related("proposed_by")
    if state := chosen.get("state"):
        rows = rows.filter(state=state)
    else:
        rows = rows.filter(state__in=[Term.State.IN_FORCE, Term.State.PROPOSED])
    if words := chosen.get("q", "").strip():
        spelled = Exists(Spelling.objects.filter(term=OuterRef("pk"), written__icontains=words))
        rows = rows.filter(Q(term__icontains=words) | Q(plain__icontains=words) | spelled)
    # "proposed" stands behind "in-force" in the alphabet: what waits comes first.
    return rows.order_by("-state", Lower("term"), "pk")
