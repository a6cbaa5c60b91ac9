"""Imports of works: what to read, the preview entry by entry, the word to take them in, and what became of each."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.access import EDITOR, person_of, roles_of
from desk.library.import_forms import ImportForm, OptionsForm
from desk.library.showing import entry_shown, fate_label
from references import import_jobs
from references.formats.reading import FORMATS
from references.import_jobs import State
from references.importing import TAKEN, Fate, Options, Preview
from references.models import Import

PAGE = 100
LATEST = 10
_HEAVY = ("content", "preview")
_WORKING = (State.READING, State.TAKING)


def library_import(request: HttpRequest) -> HttpResponse:
    """GET: the form, and the latest imports; POST: read it and go on to its preview. 422 where nothing can be read."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.get("file")
        try:
            row = import_jobs.start(
                form.content(),
                by=person_of(request),
                name=file.name if file else "",
                format=form.cleaned_data["format"],
                options=form.options(),
            )
        except import_jobs.Unreadable as unreadable:
            for sentence in unreadable.sentences[:20]:
                form.add_error(None, sentence)
        else:
            return redirect("desk:import", row.pk)
    latest = _imports(request).exclude(state=State.DROPPED).select_related("by").defer(*_HEAVY)[:LATEST]
    return render(
        request,
        "desk/library/import.html",
        {"section": "library", "form": form, "latest": [_described(row) for row in latest]},
        status=422 if form.errors else 200,
    )


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: how far an import is, its preview, or what became of it; POST `do`: choose, take, again, drop or rest.

    409 with a sentence where the import has moved on meanwhile.
    """
    row = _import_for(request, pk)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    if do == "drop":
        if import_jobs.drop(row):
            messages.success(request, _("The import is dropped; nothing was taken in."))
            return redirect("desk:library_import")
    elif do == "again":
        if import_jobs.try_again(row):
            return redirect("desk:import", row.pk)
    elif do == "rest":
        if rest := import_jobs.start_rest(row, by=person_of(request)):
            return redirect("desk:import", rest.pk)
    elif do in {"choose", "take"} and row.state == State.READY:
        options = _chosen(request, row)
        if (import_jobs.take if do == "take" else import_jobs.choose)(row, options):
            return redirect(_address(request, row) if do == "choose" else _address(None, row))
    row.refresh_from_db()
    return _page(request, row, refused=_("The import has moved on meanwhile. This is how it stands."), status=409)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: how far an import is, as a fragment; `data-state` says whether there is more to wait for."""
    row = _import_for(request, pk, light=True)
    return render(request, "desk/library/import_progress.html", {"row": row, "is_working": row.state in _WORKING})


def _page(request: HttpRequest, row: Import, *, refused: str = "", status: int = 200) -> HttpResponse:
    found = import_jobs.preview(row) if row.state not in _WORKING else Preview()
    counts = found.counts()
    show = request.GET.get("show", "")
    show = show if show in counts else ""
    entries = [entry for entry in found.entries if not show or entry.fate == show]
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    options = Options.of(row.options)
    is_ready, is_done = row.state == State.READY, row.state == State.DONE
    rows = [entry_shown(entry, may_choose=is_ready, is_done=is_done) for entry in page]
    taken = sum(count for fate, count in counts.items() if fate in TAKEN)
    return render(
        request,
        "desk/library/import_one.html",
        {
            "section": "library",
            "row": row,
            "about": _described(row),
            "is_working": row.state in _WORKING,
            "is_ready": is_ready,
            "is_done": is_done,
            "is_failed": row.state == State.FAILED,
            "may_try_again": bool(row.content or row.preview),
            "refused": refused,
            "notes": found.notes,
            "rows": rows,
            "shown": ",".join(str(row["position"]) for row in rows if row["may_choose"]),
            "filters": _filters(counts, show, is_done=is_done),
            "show": show,
            "page_obj": page,
            "query": urlencode({"show": show}) if show else "",
            "taken": taken,
            "filled": sum(bool(entry.fills) for entry in found.entries),
            "here": counts.get(Fate.HERE, 0) + counts.get(Fate.TWICE, 0),
            "left": sum(counts.get(fate, 0) for fate in (Fate.LIKELY, Fate.LEFT, Fate.REFUSED, Fate.BROKEN)),
            "waiting": counts.get(Fate.WANTED, 0),
            "options": OptionsForm(initial={"rename_keys": options.rename_keys, "complete": options.complete}),
        },
        status=status,
    )


def _filters(counts: dict[str, int], show: str, *, is_done: bool) -> list[dict[str, Any]]:
    """The fates that entries have, each with how many, as links that narrow the table."""
    everything = {"name": "", "label": _("all"), "count": sum(counts.values()), "is_current": not show}
    return [everything] + [
        {"name": fate, "label": fate_label(fate, is_done=is_done), "count": count, "is_current": fate == show}
        for fate, count in counts.items()
    ]


def _chosen(request: HttpRequest, row: Import) -> Options:
    """The options as the page sent them: of the entries that it showed, those that are ticked are taken in."""
    before = Options.of(row.options)
    form = OptionsForm(request.POST)
    form.is_valid()
    entries = {entry.position: entry for entry in import_jobs.preview(row).entries}
    ticked = {int(text) for text in request.POST.getlist("take") if text.isdecimal() and len(text) < 9}
    take, leave = set(before.take), set(before.leave)
    for text in request.POST.get("shown", "").split(","):
        entry = entries.get(int(text)) if text.isdecimal() and len(text) < 9 else None
        if entry is None or entry.work is None:
            continue
        if entry.position in ticked:
            leave.discard(entry.position)
            if entry.fate not in TAKEN:
                take.add(entry.position)
        else:
            take.discard(entry.position)
            if entry.fate in TAKEN:
                leave.add(entry.position)
    return Options(form.cleaned_data["rename_keys"], form.cleaned_data["complete"], frozenset(take), frozenset(leave))


def _described(row: Import) -> dict[str, Any]:
    """An import as a list and its own page name it."""
    known = FORMATS.get(row.format)
    return {
        "row": row,
        "name": row.name or _("Pasted works"),
        "format": known.label if known else "",
        "state": row.get_state_display(),
    }


def _imports(request: HttpRequest) -> Any:
    """The imports that the person may open: all for editors, their own for authors."""
    rows = Import.objects.all()
    return rows if EDITOR in roles_of(request) else rows.filter(by=person_of(request))


def _import_for(request: HttpRequest, pk: int, *, light: bool = False) -> Import:
    """The import, for whoever began it and for editors. 404 for everyone else, and for one that was dropped."""
    row: Import = get_object_or_404(_imports(request).defer(*_HEAVY) if light else _imports(request), pk=pk)
    if row.state == State.DROPPED:
        raise Http404
    return row


def _address(request: HttpRequest | None, row: Import) -> str:
    """The import's page, at the same place of its table where a request says which."""
    query = request.GET.urlencode() if request is not None else ""
    return reverse("desk:import", args=[row.pk]) + (f"?{query}" if query else "")
