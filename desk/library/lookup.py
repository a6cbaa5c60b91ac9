"""The new work's form with its look-up: what a service knows of a work fills what the person left empty.

One address and one form: the same button row works without JavaScript, and nothing that was typed is lost. Without a
network the form is what it always was, with a sentence on what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from desk.library import views
from desk.library.forms import ReferenceForm
from desk.library.relatives import sealed
from people.models import User
from references import library, names
from references.citing.style import authors_line, source_line
from references.formats.csl import to_csl
from references.lookup import service
from references.lookup.service import Candidates, Found, Unreadable
from references.models import Kind, Reference
from references.web.client import WebError
from references.works import FIELDS, Work

MOST, SECONDS = 40, 300
"""How many look-ups one person may make in how many seconds: enough for work by hand, too little for a machine."""

_ASKED_FOR = ("doi", "pmid", "pmcid", "isbn", "title")
"""What the form itself says that can be looked up, where the box is empty."""
_NOT_FILLED = {"key", "status", "accessed_on"}
_NAMES = {"authors", "editors"}


@dataclass
class Shown:
    """What the look-up has to say on the page."""

    text: str = ""
    error: str = ""
    failure: str = ""
    source: str = ""
    filled: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    relatives: list[str] = field(default_factory=list)
    sealed: str = ""
    candidates: list[dict[str, Any]] = field(default_factory=list)
    held: Reference | None = None
    held_because: str = ""


def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form; POST: look up what the box holds and fill the form, or add the work.

    The box is meant by its own button, by a candidate's, and by the Enter key while it holds something; the button that
    adds the work (`save`) adds it whatever the box still holds.
    """
    given = request.POST
    text = given.get("candidate", "").strip() or given.get("lookup", "").strip()
    is_lookup = bool(given.keys() & {"look_up", "candidate"}) or bool(text and "save" not in given)
    if request.method != "POST" or not is_lookup:
        return views.new(request)
    text = text or next((given[name].strip() for name in _ASKED_FOR if given.get(name, "").strip()), "")
    typed = {name: given[name] for name in ReferenceForm.base_fields if given.get(name, "").strip()}
    person = request.user
    assert isinstance(person, User)
    if not is_within(person):
        shown = Shown(text=text, failure=_("Those were many look-ups in a short time: try again in a few minutes."))
        return _page(request, typed, shown, status=429)
    try:
        shown, filled = _looked_up(text, typed)
    except Unreadable as error:
        return _page(request, typed, Shown(text=text, error=str(error)), status=422)
    return _page(request, typed | filled, shown)


def _looked_up(text: str, typed: dict[str, str]) -> tuple[Shown, dict[str, Any]]:
    """What there is to say, and the values of the fields that it fills. Raises Unreadable."""
    asked = service.recognised(text)
    if asked.scheme in {"doi", "pmid", "pmcid"}:
        named = Work(title="")
        setattr(named, asked.scheme, asked.value)
        if shown := _held(named):
            return shown, {}
    try:
        answer = service.look_up(text)
    except WebError as error:
        return Shown(text=text, failure=str(error)), {}
    if isinstance(answer, Candidates):
        return Shown(text=text, source=answer.source, candidates=[_line(work) for work in answer.works]), {}
    if shown := _held(answer.work):
        return shown, {}
    return _filled(answer, typed)


def _held(work: Work) -> Shown | None:
    """That the library has the work, and by which rule; None where it has not."""
    match = library.match(work)
    return Shown(held=match.reference, held_because=match.rule_label) if match else None


def _filled(found: Found, typed: dict[str, str]) -> tuple[Shown, dict[str, Any]]:
    """Fill what is empty. A kind that nobody chose is empty, too; of what is there already, say where it differs."""
    values: dict[str, Any] = {}
    relatives = [each.sentence for each in found.relatives]
    shown = Shown(source=found.source, notes=list(found.notes), relatives=relatives)
    shown.sealed = sealed(found.work.doi, found.relatives, found.register)
    fields = ReferenceForm.base_fields
    for name in FIELDS:
        value = getattr(found.work, name)
        if name not in fields or name in _NOT_FILLED or value in (None, "", [], Kind.OTHER.value):
            continue
        told = names.to_lines(value) if name in _NAMES else value
        label = str(fields[name].label)
        if name not in typed or (name == "kind" and typed[name] == Kind.OTHER.value):
            values[name] = told
            shown.filled.append(label)
        elif " ".join(typed[name].split()) != " ".join(str(told).split()):
            shown.kept.append(label)
    return shown, values


def _line(work: Work) -> dict[str, Any]:
    """A candidate as its button shows it."""
    csl = to_csl(work)
    return {
        "doi": work.doi,
        "title": work.title,
        "authors": authors_line(csl),
        "source": source_line(csl),
        "year": work.year,
    }


def _page(request: HttpRequest, values: dict[str, Any], shown: Shown, *, status: int = 200) -> HttpResponse:
    form = ReferenceForm(initial=values, reference=Reference())
    context = {"section": "library", "work": None, "form": form, "lookup": shown}
    context["relatives"] = shown.sealed or request.POST.get("relatives", "")
    return render(request, "desk/library/edit.html", context, status=status)


def is_within(person: User) -> bool:
    """Count this look-up, and say whether the person is within the limit. Where the cache is away, they are."""
    key = f"look-ups:{person.pk}"
    try:
        cache.add(key, 0, SECONDS)
        return cache.incr(key) <= MOST
    except (RedisError, OSError, ValueError):  # ValueError: the window ended between the two.
        return True
