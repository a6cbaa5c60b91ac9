"""Works and entries of imports as screens show them: a line in a list, and what an author writes to cite one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from references.citing.style import authors_line, source_line, stopped
from references.identity import keys
from references.importing import TAKEN, Entry, Fate, field_label
from references.models import Kind, Reference, Status
from references.names import family
from references.works import type_of


def citation_of(key: str) -> str:
    """What an author writes to cite the work: `[@key]`, in braces where the key needs them."""
    return f"[@{key}]" if keys.is_plain(key) else f"[@{{{key}}}]"


_KINDS = dict(Kind.choices)
_STATUSES = dict(Status.choices)


def described(work: Reference) -> dict[str, Any]:
    """A work as a line of a list shows it."""
    authors = authors_line({"author": work.authors})
    return {
        "pk": work.pk,
        "key": work.key,
        "citation": citation_of(work.key),
        "title": work.title,
        "authors": authors,
        "authors_stopped": stopped(authors),
        "source": source_line(
            {
                "type": work.type or type_of(work),
                "container-title": work.container,
                "publisher": work.publisher,
                "URL": work.url,
            }
        ),
        "year": work.year,
        # Not by get_kind_display, which makes the whole table of labels anew for each row.
        "kind": str(_KINDS.get(work.kind, work.kind)),
        "status": work.status,
        "status_label": str(_STATUSES.get(work.status, work.status)),
        "tag": tag_of(work.status),
    }


def tag_of(status: str) -> str:
    """The colour of a flag's tag: red where nobody should lean on the work, amber where one should look twice."""
    if status == Status.CURRENT:
        return ""
    return "red" if status in {Status.RETRACTED, Status.CONCERN} else "amber"


def entry_shown(entry: Entry, *, may_choose: bool, is_done: bool) -> dict[str, Any]:
    """One entry of an import as a table shows it."""
    work = entry.work
    author = _first_of(work.authors or work.editors) if work else ""
    return {
        "entry": entry,
        "position": entry.position,
        "title": entry.title or entry.source_id or _("without a title"),
        "about": ", ".join(str(part) for part in (author, work.year if work else None) if part),
        "called": entry.source_id if entry.title and entry.source_id != entry.key else "",
        "label": fate_label(entry.fate, is_done=is_done),
        "tone": "" if entry.fate in TAKEN or entry.fate in (Fate.HERE, Fate.TWICE) else "amber",
        "citation": citation_of(entry.key) if entry.key else "",
        "may_choose": may_choose and (entry.fate in TAKEN or entry.fate in (Fate.LIKELY, Fate.LEFT)),
        "is_chosen": entry.fate in TAKEN,
        "differs": ", ".join(field_label(name) for name in entry.differs),
        "lacks": ", ".join(field_label(name) for name in entry.lacks),
        "fills": ", ".join(field_label(name) for name in entry.fills),
    }


def _first_of(names: list[dict[str, str]]) -> str:
    """The first name with its particles, and whether there are more: `van der Berg and others`."""
    if not names:
        return ""
    first = names[0].get("literal") or family(names[0])
    return first if len(names) == 1 else _("%(author)s and others") % {"author": first}


def fate_label(fate: str, *, is_done: bool) -> str:
    """What a fate is called: in a preview what will be, in a result what was."""
    if is_done and fate in TAKEN:
        return _("added") if fate == Fate.NEW else _("added with another key")
    return str(Fate(fate).label)
