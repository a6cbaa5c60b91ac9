"""Works that are likely one: the list of pairs, and the page on which two are compared and merged or told apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import diffs
from articles.models import Citation
from desk.access import EDITOR, roles_of
from desk.library.fields import DATE, PARTS_OF_DATE, label_of, text_of, value_of
from desk.library.showing import citation_of, described
from people.models import User
from references.identity.likeness import tell_apart
from references.identity.merging import IDENTIFIERS, Refused, merge, refusal
from references.models import Alias, Event, Kind, Likeness, Merge, Reference

PAGE = 20
KEPT, GONE = "kept", "gone"
_LONGER_IS_BETTER = {"title", "authors", "editors", "container", "abstract", "publisher", "pages"}
_ORDER: tuple[str, ...] = (
    "kind",
    "type",
    "genre",
    "title",
    "authors",
    "editors",
    "container",
    "container_short",
    "series",
    "edition",
)
_ORDER += ("version", "publisher", "place", DATE, "volume", "issue", "pages", "number", *IDENTIFIERS, "url")
_ORDER += ("accessed_on", "abstract")


@dataclass(frozen=True)
class Side:
    """What one of the two works says in a field. `pieces` tells what the other one does not say."""

    value: str
    text: str
    pieces: tuple[diffs.Piece, ...]
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """A field in which the two works differ, with the one that is proposed and why."""

    name: str
    label: str
    sides: tuple[Side, Side]
    why: str
    errors: list[str]


class MergeForm(forms.Form):
    """For each field in which two works differ, which one's to keep."""

    reason = forms.CharField(
        label=gettext_lazy("Why are they one work?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A few words for the record and the history of the work."),
    )

    def __init__(self, *args: Any, lines: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in lines:
            self.fields[f"choice-{name}"] = forms.ChoiceField(
                label=label_of(name),
                choices=[(KEPT, KEPT), (GONE, GONE)],
                error_messages={
                    "required": gettext_lazy("Choose one of the two."),
                    "invalid_choice": gettext_lazy("Choose one of the two."),
                },
            )

    def taken(self) -> set[str]:
        """The fields that are to be the other work's. Needs a valid form."""
        chosen = {name[7:] for name, value in self.cleaned_data.items() if name[:7] == "choice-" and value == GONE}
        return chosen - {DATE} | (set(PARTS_OF_DATE) if DATE in chosen else set())


def likely(request: HttpRequest) -> HttpResponse:
    """GET: the pairs that nobody has judged, the most alike first."""
    rows = Likeness.objects.filter(dismissed_at=None).select_related("first", "second")
    rows = rows.defer("first__search_text", "second__search_text")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "library",
        "page_obj": page,
        "total": page.paginator.count,
        "pairs": [
            {
                "row": row,
                "rule": row.get_rule_display(),
                "works": [described(row.first), described(row.second)],
            }
            for row in page
        ],
        "may_merge": EDITOR in roles_of(request),
    }
    return render(request, "desk/library/likely.html", context)


def merge_works(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    """GET: two works side by side; POST: merge the second into the first, or record that they are two works.

    A work that was merged meanwhile leads to the one that it went into. 422 with the reason where it is refused.
    """
    rows = {row.pk: row for row in Reference.objects.filter(pk__in=[kept, gone])}
    if missing := [pk for pk in (kept, gone) if pk not in rows]:
        return _merged_meanwhile(request, missing[0])
    ours, theirs = rows[kept], rows[gone]
    if kept == gone:
        raise Http404
    differing = differing_fields(ours, theirs)
    if request.method != "POST":
        return _page(request, ours, theirs, MergeForm(lines=differing))
    person = request.user
    assert isinstance(person, User)
    if request.POST.get("do") == "apart":
        tell_apart(ours, theirs, by=person)
        messages.success(
            request,
            _("%(one)s and %(other)s stay two works, and are not shown as a pair again.")
            % {"one": ours.key, "other": theirs.key},
        )
        return redirect("desk:library_likely")
    data = request.POST.copy()
    shown = _as_shown(ours, data.get("kept_at", "")), _as_shown(theirs, data.get("gone_at", ""))
    if any(row.updated_at != each.updated_at for row, each in zip((ours, theirs), shown, strict=True)):
        # Fields in which they did not differ when the page was made: what is refused is the change, not these.
        for name in differing:
            data.setdefault(f"choice-{name}", proposed(ours, theirs, name)[0])
    form = MergeForm(data, lines=differing)
    if not form.is_valid():
        return _page(request, ours, theirs, form, status=422)
    try:
        merge(
            *shown,
            by=person,
            take=form.taken(),
            reason=form.cleaned_data["reason"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, ours, theirs, form, status=422)
    messages.success(
        request,
        _("%(gone)s was merged into %(kept)s. Texts that cite it as %(citation)s lead here now.")
        % {"gone": theirs.key, "kept": ours.key, "citation": citation_of(theirs.key)},
    )
    return redirect("desk:reference", ours.pk)


def differing_fields(kept: Reference, gone: Reference) -> list[str]:
    """The fields in which something is to be chosen, in order; year, month and day are one, `date`.

    An identifier that only one of the two has is kept without asking.
    """
    fields = []
    for name in _ORDER:
        ours, theirs = value_of(kept, name), value_of(gone, name)
        if ours != theirs and not (name in IDENTIFIERS and not (ours and theirs)):
            fields.append(name)
    return fields


def proposed(kept: Reference, gone: Reference, name: str) -> tuple[str, str]:
    """Whose field is proposed, `kept` or `gone`, and the reason in words: filled, longer, more exact, or as it is."""
    ours, theirs = value_of(kept, name), value_of(gone, name)
    if name == "kind" and Kind.OTHER in {ours, theirs}:
        return (GONE if ours == Kind.OTHER else KEPT), _("says more than “other”")
    if not ours or not theirs:
        return (KEPT if ours else GONE), _("the other one is empty")
    if name == DATE:
        lengths = len(str(ours).split("-")), len(str(theirs).split("-"))
        if lengths[0] != lengths[1]:
            return (KEPT if lengths[0] > lengths[1] else GONE), _("more exact")
    if name == "accessed_on":
        return (KEPT if cast(datetime.date, ours) >= cast(datetime.date, theirs) else GONE), _("later")
    if name == "title" and str(ours).isupper() != str(theirs).isupper():
        return (GONE if str(ours).isupper() else KEPT), _("not in capitals throughout")
    if name in _LONGER_IS_BETTER:
        lengths = len(text_of(kept, name)), len(text_of(gone, name))
        if lengths[0] != lengths[1]:
            return (KEPT if lengths[0] > lengths[1] else GONE), _("longer")
    return KEPT, _("as it stands in the work that stays")


def _lines(kept: Reference, gone: Reference, form: MergeForm) -> Iterator[Line]:
    for name in differing_fields(kept, gone):
        side, why = proposed(kept, gone, name)
        chosen = form.data.get(f"choice-{name}") if form.is_bound else side
        ours, theirs = text_of(kept, name), text_of(gone, name)
        pieces = diffs.of_words(ours, theirs)
        # Where nothing is shared there is nothing to mark.
        is_shared = any(piece.kind == diffs.SAME for piece in pieces)
        yield Line(
            name,
            label_of(name),
            (
                Side(KEPT, ours, _without(diffs.ADDED, pieces) if is_shared else (), chosen == KEPT),
                Side(GONE, theirs, _without(diffs.REMOVED, pieces) if is_shared else (), chosen == GONE),
            ),
            _("Proposed: %(key)s, %(why)s.") % {"key": kept.key if side == KEPT else gone.key, "why": why},
            [str(error) for error in form.errors.get(f"choice-{name}", [])],
        )


def _same(kept: Reference, gone: Reference) -> list[tuple[str, str]]:
    """What both say, and identifiers that one of them has: label and text."""
    differing = set(differing_fields(kept, gone))
    return [
        (label_of(name), text)
        for name in _ORDER
        if name not in differing and name != "abstract" and (text := text_of(kept, name) or text_of(gone, name))
    ]


def _consequences(kept: Reference, gone: Reference) -> list[str]:
    """What a merge will do, in sentences."""
    key_kept, key_gone = citation_of(kept.key), citation_of(gone.key)
    sentences = [
        _("%(gone)s goes, and its key leads to %(kept)s from then on; nobody else can take it.")
        % {"gone": gone.key, "kept": kept.key},
        _cited(kept, key_kept),
        _cited(gone, key_gone),
        _("Nothing in those texts is rewritten: both keys stay as they are there, and share one number."),
    ]
    contradicting = [name for name in ("doi", "pmid", "pmcid") if name in differing_fields(kept, gone)]
    if contradicting:
        sentences.append(
            _("The %(names)s that you do not keep stays another name of the work, by which it is found.")
            % {"names": ", ".join(label_of(name) for name in contradicting)}
        )
    events = Event.objects.filter(reference__in=[kept, gone], dismissed_at=None).order_by()
    if labels := sorted({str(Event.Kind(kind).label) for kind in events.values_list("kind", flat=True)}):
        sentences.append(
            _("What is known against either of them then holds for both: %(events)s.") % {"events": ", ".join(labels)}
        )
    sentences.append(_("The whole entry of %(gone)s and its history are kept in the record.") % {"gone": gone.key})
    return sentences


def _cited(work: Reference, citation: str) -> str:
    """In how many texts a work is cited, under its key or another one of its keys."""
    aliases = Alias.objects.filter(reference=work, scheme=Alias.Scheme.KEY).values_list("value", flat=True)
    cited = Citation.objects.filter(key__in=[work.key_normal, *aliases]).order_by()
    counts = cited.aggregate(
        drafts=Count("article", distinct=True, filter=Q(edition=None)), editions=Count("edition", distinct=True)
    )
    drafts = ngettext("%(count)d draft", "%(count)d drafts", counts["drafts"]) % {"count": counts["drafts"]}
    editions = ngettext("%(count)d edition", "%(count)d editions", counts["editions"]) % {"count": counts["editions"]}
    if not any(counts.values()):
        return _("No text cites %(citation)s.") % {"citation": citation}
    return _("%(citation)s is cited in %(drafts)s and %(editions)s.") % {
        "citation": citation,
        "drafts": drafts,
        "editions": editions,
    }


def _without(kind: str, pieces: tuple[diffs.Piece, ...]) -> tuple[diffs.Piece, ...]:
    return tuple(piece for piece in pieces if piece.kind != kind)


def _as_shown(work: Reference, at: str) -> Reference:
    """The row as the page showed it: changed when the form says. What is no date is no time at which it was shown."""
    try:
        shown = parse_datetime(at)
    except ValueError:
        shown = None
    row = copy(work)
    row.updated_at = shown or datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return row


def _merged_meanwhile(request: HttpRequest, pk: int) -> HttpResponse:
    record = Merge.objects.filter(gone_id=pk).select_related("kept").first()
    if record is None:
        raise Http404
    messages.warning(
        request,
        _("%(gone)s was merged into %(kept)s already, and nothing more was done.")
        % {"gone": record.gone_key, "kept": record.kept.key},
    )
    return redirect("desk:reference", record.kept_id)


def _page(
    request: HttpRequest, kept: Reference, gone: Reference, form: MergeForm, *, status: int = 200
) -> HttpResponse:
    pair = {"first_id": min(kept.pk, gone.pk), "second_id": max(kept.pk, gone.pk)}
    # As they stand: what a refused form showed may be older.
    rows = {row.pk: row for row in Reference.objects.filter(pk__in=[kept.pk, gone.pk])}
    if missing := [pk for pk in (kept.pk, gone.pk) if pk not in rows]:
        return _merged_meanwhile(request, missing[0])
    kept, gone = rows[kept.pk], rows[gone.pk]
    context = {
        "section": "library",
        "form": form,
        "kept": kept,
        "gone": gone,
        "works": [described(kept), described(gone)],
        "lines": list(_lines(kept, gone, form)),
        "same": _same(kept, gone),
        "consequences": _consequences(kept, gone),
        "refusal": refusal(kept, gone),
        "likeness": Likeness.objects.filter(**pair).select_related("dismissed_by").first(),
        "kept_at": kept.updated_at.isoformat(),
        "gone_at": gone.updated_at.isoformat(),
        "may_merge": EDITOR in roles_of(request),
    }
    return render(request, "desk/library/merge.html", context, status=status)
