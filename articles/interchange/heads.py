"""The YAML head of an article file: from its lines to texts, lists and mappings, each with the line it stands on.

Built from the parser's events and not by a YAML loader: every scalar stays the text that was written (`2025-03-31`,
`no` and `1.10` are words here), nothing is aliased, and nesting has an end. libyaml builds nested data by recursion in
C, where 60,000 opening brackets end the whole process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

LARGEST_HEAD = 64_000
DEEPEST = 4
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = {"", "~", "null", "Null", "NULL"}
"""Plain scalars that stand for no value (YAML 1.2.2, section 10.3.2)."""

Value = str | list["Node"] | dict[str, "Node"]


class FileError(Exception):
    """A file that cannot be read as an article: the line, where one can be named, and the reason in a sentence."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Node:
    """A value of the head and the line of the file on which it begins. No value is an empty text."""

    value: Value
    line: int


def read_head(text: str, *, first_line: int) -> dict[str, Node]:
    """Return the keys of a head and their values; `first_line` is the file's line on which `text` begins.

    Raises FileError for what is not YAML or no mapping, for aliases, tags and deep nesting, and for a key given twice.
    """
    if len(text) > LARGEST_HEAD:
        raise FileError(
            first_line,
            _("The head has %(size)d characters; at most %(most)d are read.")
            % {"size": len(text), "most": LARGEST_HEAD},
        )
    builder = _Builder(yaml.parse(text, Loader=LOADER), first_line)
    try:
        node = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError(
            first_line + mark.line if mark else first_line,
            _("The head is not YAML: %(problem)s.") % {"problem": error.problem or error.context},
        ) from None
    except yaml.reader.ReaderError as error:
        at = error.position if isinstance(error.position, int) else 0
        raise FileError(
            first_line + text.count("\n", 0, at), _("The head holds a character that YAML does not allow.")
        ) from None
    if node.value == "":
        return {}
    if not isinstance(node.value, dict):
        raise FileError(node.line, _("The head must be lines of the form “key: value”."))
    return node.value


class _Builder:
    def __init__(self, events: Iterator[Any], first_line: int) -> None:
        self.events = events
        self.first_line = first_line

    def document(self) -> Node:
        found: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and found is not None:
                raise FileError(self._line(event), _("The head holds more than one YAML document."))
            if isinstance(event, yaml.NodeEvent):
                found = self._node(event, depth=0)
        return found or Node("", self.first_line)

    def _node(self, event: Any, depth: int) -> Node:
        line = self._line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise FileError(line, _("The head uses a YAML anchor or alias; write the value out instead."))
        if getattr(event, "tag", None) not in {None, "!"}:
            raise FileError(line, _("The head uses the YAML tag %(tag)s; write the value alone.") % {"tag": event.tag})
        if isinstance(event, yaml.ScalarEvent):
            is_nothing = not event.style and event.value in NOTHING
            return Node("" if is_nothing else event.value, line)
        if depth >= DEEPEST:
            raise FileError(line, _("The head is nested more than %(most)d deep.") % {"most": DEEPEST})
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Node(items, line)
        pairs: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key.value, str):
                raise FileError(key.line, _("A key of the head must be a word."))
            if key.value in pairs:
                raise FileError(key.line, _("The key %(key)s stands in the head twice.") % {"key": key.value})
            value = self._node(next(self.events), depth + 1)
            pairs[key.value] = Node(value.value, key.line)
        return Node(pairs, line)

    def _line(self, event: Any) -> int:
        return self.first_line + int(event.start_mark.line)
