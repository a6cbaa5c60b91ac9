"""A save that was refused because a newer version is there: both texts side by side, joined block by block.

The page carries the person's whole text, so that the choices need no state of the server. What they make is shown in
the editor and saved from there, against the version that it was joined with: one that came later is met the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import diffs, history, joins
from articles.comparing import LABELS
from articles.joins import BOTH, MINE, SAME, THEIRS
from articles.models import Article
from desk.writing import kept as kept_texts
from desk.writing.forms import initial_of
from people.models import User

TEXTS = ("lead", "plain_lead", "body")
"""Fields that are joined block by block; the others are taken whole."""
WHOLE = (
    "question",
    "plain_question",
    "heading",
    "plain_heading",
    "topics",
    "byline",
    "searched_on",
    "follow_up_of",
    "kind",
    "slug",
)
ORDER = ("question", "plain_question", "heading", "lead", "plain_heading", "plain_lead", "body")
ALL_LABELS = LABELS | {"slug": gettext_lazy("Address")}
SHOWN_AROUND = 1
"""Blocks that are the same, shown before and after one that differs."""


@dataclass(frozen=True)
class Side:
    """The fields of one side as the form would hold them; topics and byline as lists."""

    values: dict[str, Any]

    @classmethod
    def of(cls, article: Article, topics: list[str]) -> Side:
        initial = initial_of(article, [])
        when = initial["searched_on"]
        values = initial | {
            "searched_on": when.isoformat() if when else "",
            "topics": [name for name in topics if name],
            "byline": list(article.byline),
        }
        del values["base_version"]
        return cls(values)

    def compared(self, name: str) -> object:
        """A value such that the same thing is equal, however it was written."""
        value = self.values[name]
        if name == "topics":
            return sorted(topic.casefold() for topic in value)
        if name == "byline":
            return [
                entry.get("user") or (entry["name"], entry.get("credentials"), entry.get("orcid")) for entry in value
            ]
        return value

    def shown(self, name: str) -> str:
        """A value as it is read."""
        value = self.values[name]
        if name == "topics":
            return "\n".join(value)
        if name == "byline":
            return "\n".join(", ".join(filter(None, [one["name"], one.get("credentials")])) for one in value)
        return value


@dataclass(frozen=True)
class Option:
    """One thing that can be taken, with what it changes against the text that both began from."""

    value: str
    label: str
    blocks: tuple[diffs.Block, ...] = ()
    is_chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """A place where the texts differ. `name` is what the form sends, `kind` who changed it."""

    name: str
    kind: str
    options: tuple[Option, ...]
    is_missing: bool


@dataclass(frozen=True)
class Run:
    """Blocks that are the same in both: those beside a difference, or how many are not shown."""

    texts: tuple[str, ...] = ()
    count: int = 0


@dataclass
class Line:
    """One field that differs, in reading order: runs of what is the same, and choices."""

    label: Any
    items: list[Choice | Run] = field(default_factory=list)

    @property
    def choices(self) -> list[Choice]:
        return [item for item in self.items if isinstance(item, Choice)]


class Joining:
    """Two sides, what they began from where that is known, and what was chosen so far."""

    def __init__(
        self, base: Side | None, mine: Side, theirs: Side, chosen: Mapping[str, str], *, labels: dict[str, str]
    ):
        self.base, self.mine, self.theirs, self.chosen, self.labels = base, mine, theirs, chosen, labels
        self.names = [*ORDER, *(name for name in WHOLE if name not in ORDER and name in mine.values)]
        self.parts = {name: self._parts(name) for name in TEXTS}

    def lines(self, *, ask: bool = False) -> list[Line]:
        """The fields that differ. With `ask`, choices that are not made say so."""
        found = []
        for name in self.names:
            line = Line(ALL_LABELS[name], list(self._items(name, ask=ask)))
            if line.choices:
                found.append(line)
        return found

    def joined(self, all_of: str = "") -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
        """The fields and the byline that the choices make; None while one is missing. `all_of`: one side throughout."""
        values: dict[str, Any] = {}
        for name in self.names:
            if name in TEXTS:
                differing = [(one, part) for one, part in self._named(name) if part.kind != SAME]
                choices = [all_of or self._choice(one, part.preset) for one, part in differing]
                if not all(choices):
                    return None
                values[name] = joins.joined(self.parts[name], choices)
                continue
            kind = self._kind(name)
            choice = MINE if kind == SAME else all_of or self._choice(name, "" if kind == BOTH else kind)
            if not choice:
                return None
            values[name] = self._taken(name, choice)
        byline = values.pop("byline")
        values["topics"] = "\n".join(values["topics"])
        return values, byline

    def _parts(self, name: str) -> tuple[joins.Part, ...]:
        base = self.base.values[name] if self.base else None
        return joins.parts(base, self.mine.values[name], self.theirs.values[name])

    def _named(self, name: str) -> Iterator[tuple[str, joins.Part]]:
        return ((f"{name}-{number}", part) for number, part in enumerate(self.parts[name], start=1))

    def _kind(self, name: str) -> str:
        base = self.base.compared(name) if self.base else None
        return joins.who_changed(
            base, self.mine.compared(name), self.theirs.compared(name), base_is_known=self.base is not None
        )

    def _choice(self, name: str, preset: str) -> str:
        chosen = self.chosen.get(f"choice-{name}", "")
        return chosen if chosen in {MINE, THEIRS, BOTH} else preset

    def _taken(self, name: str, choice: str) -> Any:
        mine, theirs = self.mine.values[name], self.theirs.values[name]
        if name == "topics" and choice == BOTH:
            here = {topic.casefold() for topic in mine}
            return mine + [topic for topic in theirs if topic.casefold() not in here]
        return theirs if choice == THEIRS else mine

    def _items(self, name: str, *, ask: bool) -> Iterator[Choice | Run]:
        if name not in TEXTS:
            kind = self._kind(name)
            if kind != SAME:
                base = self.base.shown(name) if self.base else None
                yield self._asked(
                    name, kind, base, self.mine.shown(name), self.theirs.shown(name), ask=ask, both=name == "topics"
                )
            return
        found = list(self._named(name))
        for place, (part_name, part) in enumerate(found):
            if part.kind == SAME:
                yield from _runs(part.mine, is_first=place == 0, is_last=place == len(found) - 1)
            else:
                base = joins.text_of(part.base) if self.base else None
                mine, theirs = joins.text_of(part.mine), joins.text_of(part.theirs)
                yield self._asked(
                    part_name, part.kind, base, mine, theirs, ask=ask, both=bool(part.mine and part.theirs)
                )

    def _asked(
        self, name: str, kind: str, base: str | None, mine: str, theirs: str, *, ask: bool, both: bool
    ) -> Choice:
        chosen = self._choice(name, "" if kind == BOTH else kind)
        options = [
            Option(MINE, self.labels[MINE], diffs.of_text(theirs if base is None else base, mine), chosen == MINE),
            Option(
                THEIRS, self.labels[THEIRS], diffs.of_text(theirs if base is None else base, theirs), chosen == THEIRS
            ),
        ]
        if both and kind == BOTH:
            options.append(Option(BOTH, _("Both, mine first: I put them together in the editor"), (), chosen == BOTH))
        return Choice(f"choice-{name}", kind, tuple(options), is_missing=ask and not chosen)


def _runs(blocks: tuple[str, ...], *, is_first: bool, is_last: bool) -> Iterator[Run]:
    """What is the same between two differences: the nearest blocks, and how many lie between."""
    head = 0 if is_first else SHOWN_AROUND
    tail = 0 if is_last else SHOWN_AROUND
    hidden = len(blocks) - head - tail
    if hidden <= 0:
        yield Run(blocks)
        return
    if head:
        yield Run(blocks[:head])
    yield Run(count=hidden)
    if tail:
        yield Run(blocks[-tail:])


def refused(request: HttpRequest, newest: Article, mine: Article, topics: list[str], *, tab: str) -> HttpResponse:
    """The page after a refused save. Nothing was saved; 409."""
    return _page(request, newest, mine, topics, theirs_version=newest.version, tab=tab, status=409)


def join(
    request: HttpRequest, newest: Article, mine: Article, topics: list[str], *, tab: str
) -> HttpResponse | tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the choices make, as fields and byline that the editor shows first; the page again where one is missing."""
    wanted = request.POST.get("theirs_version", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    theirs = _side_at(newest, number)
    if theirs is None:
        return refused(request, newest, mine, topics, tab=tab)
    joining = _joining(request, newest, mine, topics, theirs, number)
    everything = request.POST.get("join", "")
    made = joining.joined(everything if everything in {MINE, THEIRS} else "")
    if made is None:
        return _page(request, newest, mine, topics, theirs_version=number, tab=tab, status=422)
    values, byline = made
    return values | {"base_version": number, "comment": request.POST.get("comment", "")}, byline


def _page(
    request: HttpRequest,
    newest: Article,
    mine: Article,
    topics: list[str],
    *,
    theirs_version: int,
    tab: str,
    status: int,
) -> HttpResponse:
    theirs = _side_at(newest, theirs_version)
    assert theirs is not None
    joining = _joining(request, newest, mine, topics, theirs, theirs_version)
    lines = joining.lines(ask=status == 422)
    by = _saved_by(newest, theirs_version)
    base = history.version_numbered(newest, _base_version(request))
    last = history.version_numbered(newest, theirs_version)
    choices = [choice for line in lines for choice in line.choices]
    return render(
        request,
        "desk/writing/join.html",
        {
            "section": "articles",
            "tab": "edit",
            "article": newest,
            "lines": lines,
            "missing": [(line.label, one) for line in lines for one in line.choices if one.is_missing],
            "collisions": sum(choice.kind == BOTH for choice in choices),
            "base_is_known": joining.base is not None,
            "base_version": _base_version(request),
            "theirs_version": theirs_version,
            "by": by,
            "is_mine": by == request.user,
            "compare": (base.pk, last.pk) if base and last else None,
            "fields": kept_texts.fields_of(request.POST).items(),
            "tab_token": tab,
            "mine": joining.mine.values,
            "theirs": theirs.values,
        },
        status=status,
    )


def _joining(
    request: HttpRequest, newest: Article, mine: Article, topics: list[str], theirs: Side, number: int
) -> Joining:
    base = _side_at(newest, _base_version(request))
    sides = [Side.of(mine, topics), theirs] + ([base] if base else [])
    for side in sides:
        if "slug" not in request.POST:
            side.values.pop("slug", None)
    labels = {MINE: _("Yours"), THEIRS: _("Version %(number)d") % {"number": number}}
    return Joining(base, sides[0], theirs, request.POST, labels=labels)


def _side_at(newest: Article, number: int) -> Side | None:
    """The article as it stood in a version; None where that is not known."""
    if number == newest.version:
        return Side.of(newest, [topic.name for topic in newest.topics.all()])
    version = history.version_numbered(newest, number)
    if version is None:
        return None
    article, topics = history.article_at(version)
    article.slug = version.field_dict.get("slug", newest.slug)
    return Side.of(article, [topic.name for topic in topics])


def _saved_by(article: Article, number: int) -> User | None:
    version = history.version_numbered(article, number)
    return version.revision.user if version else None


def _base_version(request: HttpRequest) -> int:
    text = request.POST.get("base_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
