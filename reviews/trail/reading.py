"""The bytes of a trail: how they are written, and how a file of unknown origin is read, with limits, to plain rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.editions import digest
from reviews.trail.rows import ROWS, Misfit, as_row

NAME = "imprimatur-trail"
FORMATS = {1}
"""Every number that was ever written."""
FORMAT_NOW = 1
MOST_BYTES = 64 * 1024 * 1024
DEEPEST = 24
"""Brackets within brackets."""
HASH = 64
"""Hexadecimal digits of one hash."""

OWN: dict[str, dict[str, type]] = {
    "article": {"id": int, "slug": str, "question": str, "version": int, "owner": int},
    "exported": {"at": str, "by": str, "site": str},
    "head": {"number": int, "hash": str},
}
"""Parts of a trail that are no lists of rows: each with its keys and their kinds."""
VERSION: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "number": (int, type(None)),
    "at": (str,),
    "by": (int, type(None)),
    "comment": (str,),
    "digest": (str,),
}
PERSON: dict[str, tuple[type, ...]] = {"id": (int,), "name": (str,)}
KEYS = {*OWN, *ROWS, "chain", "people", "versions"}
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.S)
_NO_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]{}")
"""A string, closed or not, or a bracket: so written, it never goes back over what it has read."""


class Unreadable(Exception):
    """A file that is no trail, or one beyond the limits; its text is one plain sentence."""


@dataclass(frozen=True)
class Trail:
    """What a file says, as rows in memory, by the names of its lists."""

    article: dict[str, Any]
    exported: dict[str, Any]
    head: dict[str, Any]
    chain: list[str]
    """The hashes of all transitions of the installation, from the first to the head."""
    versions: list[dict[str, Any]]
    people: dict[int, str]
    rows: dict[str, list[Any]]
    whole: str
    """The digest that the file says it has."""
    found: str
    """The digest that its content has."""
    is_canonical: bool
    """Whether the bytes are those that the content is written as."""


def written(trail: dict[str, Any]) -> bytes:
    """The bytes of a trail: one line of JSON, sorted, without spaces, the format first, the digest of it all last."""
    content = {"format": {"name": NAME, "number": FORMAT_NOW}, "trail": trail}
    return _bytes(content | {"whole": digest(_bytes(content))}) + b"\n"


def digest_in(data: bytes) -> str:
    """The digest that stands at the end of bytes that `written` made."""
    return str(json.loads(data)["whole"])


def read(data: bytes) -> Trail:
    """A trail from bytes of any origin. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    _require_shallow(data)
    try:
        content = json.loads(data.decode(), parse_float=_refused, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise Unreadable(_("The file is not the JSON of a trail.")) from None
    if not isinstance(content, dict) or content.keys() != {"format", "trail", "whole"}:
        raise Unreadable(_("The file is not the trail of an article."))
    head = content["format"]
    if not isinstance(head, dict) or head.keys() != {"name", "number"} or head["name"] != NAME:
        raise Unreadable(_("The file is not the trail of an article."))
    if isinstance(head["number"], bool) or not isinstance(head["number"], int) or head["number"] not in FORMATS:
        raise Unreadable(_("The file has a format that is not known here. A newer version may read it."))
    trail, whole = content["trail"], content["whole"]
    if not isinstance(trail, dict) or trail.keys() != KEYS or not isinstance(whole, str):
        raise Unreadable(_("The file does not have the parts of a trail."))
    try:
        bare = _bytes({"format": head, "trail": trail})
        canonical = _bytes(content) + b"\n"
    except (UnicodeEncodeError, RecursionError):
        raise Unreadable(_("The file holds characters that no text has.")) from None
    try:
        return _trail(trail, whole=whole, found=digest(bare), is_canonical=canonical == data)
    except Misfit as misfit:
        raise Unreadable(str(misfit)) from None


def _trail(trail: dict[str, Any], *, whole: str, found: str, is_canonical: bool) -> Trail:
    for name, keys in OWN.items():
        _require_fields(name, trail[name], {key: (kind,) for key, kind in keys.items()})
    for name, fields in (("versions", VERSION), ("people", PERSON)):
        for one in _list(name, trail[name]):
            _require_fields(name, one, fields)
    chain = trail["chain"]
    if not isinstance(chain, str) or not re.fullmatch("[0-9a-f]*", chain) or len(chain) % HASH:
        raise Misfit(_("The chain is not a line of hashes."))
    rows = {name: [as_row(name, one) for one in _list(name, trail[name])] for name in ROWS}
    return Trail(
        article=trail["article"],
        exported=trail["exported"],
        head=trail["head"],
        chain=[chain[place : place + HASH] for place in range(0, len(chain), HASH)],
        versions=trail["versions"],
        people={one["id"]: one["name"] for one in trail["people"]},
        rows=rows,
        whole=whole,
        found=found,
        is_canonical=is_canonical,
    )


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misfit(_("“%(name)s” is not a list.") % {"name": name})
    return value


def _require_fields(name: str, value: Any, kinds: dict[str, tuple[type, ...]]) -> None:
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise Misfit(_("“%(name)s” does not have the fields that it should have.") % {"name": name})
    for key, kind in kinds.items():
        if type(value[key]) not in kind:
            raise Misfit(
                _("The field “%(key)s” of “%(name)s” does not hold what it should hold.") % {"key": key, "name": name}
            )


def _require_shallow(data: bytes) -> None:
    """Refuse what is nested deeper than a trail ever is, before a parser meets it: level by level, from the inside."""
    shape = _STRING.sub(b"", data).translate(None, delete=_NO_BRACKETS)
    for _level in range(DEEPEST):
        whole, shape = shape, shape.replace(b"[]", b"").replace(b"{}", b"")
        if len(shape) == len(whole):
            break
    depth = 0
    for sign in shape[: 2 * DEEPEST]:
        depth += 1 if sign in b"[{" else -1
        if depth > DEEPEST:
            raise Unreadable(_("The file is nested deeper than a trail ever is."))
    if shape:
        raise Unreadable(_("The file is not the JSON of a trail."))


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refused(text: str) -> Any:
    raise ValueError(text)
