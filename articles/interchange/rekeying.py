"""Citation keys in a draft's texts: which are really cited, and the same texts under the library's keys.

Only the renderer knows what is a citation and what is code, an address or a bare handle. So each place in question is
marked with a key of its own, the texts are laid out once, and what the renderer then counts as cited is a citation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from articles.interchange.reading import Draft, FileError
from articles.markup.citations import KEY, possible_keys
from articles.markup.door import TextRefused, render
from references.identity import keys

FIELDS = ("lead", "plain_lead", "body")


def cited_among(draft: Draft, wanted: Collection[str]) -> frozenset[str]:
    """Those of the wanted keys that the draft cites. Raises FileError where its texts cannot be laid out."""
    return frozenset(_cited_places(draft, wanted).values())


def under_keys(draft: Draft, names: Mapping[str, str]) -> Draft:
    """Return the draft with each citation of a key of `names` under the key that it leads to; other text stays.

    Raises FileError where the texts cannot be laid out, since they might then cite another work.
    """
    cited = _cited_places(draft, names.keys())
    if not cited:
        return draft

    def renamed(number: int, match: re.Match[str]) -> str:
        if number not in cited:
            return match[0]
        key = names[cited[number]]
        return f"@{key}" if keys.is_plain(key) and not match["braced"] else f"@{{{key}}}"

    texts: dict[str, Any] = dict(_with_keys(draft, renamed))
    return replace(draft, **texts)


def _cited_places(draft: Draft, wanted: Collection[str]) -> dict[int, str]:
    """The places of the wanted keys that are citations: their ordinals over all fields, with the key of each."""
    texts = "\n".join(getattr(draft, name) for name in FIELDS)
    if possible_keys(texts).isdisjoint(wanted):
        return {}
    prefix = "place"
    while prefix in texts:
        prefix += "0"
    places: dict[str, tuple[int, str]] = {}

    def marked(number: int, match: re.Match[str]) -> str:
        key = match["simple"] or match["braced"].strip()
        if key not in wanted:
            return match[0]
        mark = f"{prefix}-{number}"
        places[mark] = number, key
        return f"@{{{mark}}}" if match["braced"] else f"@{mark}"

    try:
        marked_texts: dict[str, Any] = dict(_with_keys(draft, marked))
        rendering = render(**marked_texts, known=None)
    except TextRefused as error:
        raise FileError(None, str(error)) from None
    if not any(text.html for text in rendering.texts) and (blocking := [f for f in rendering.findings if f.blocks]):
        raise FileError(
            None, _("The text cannot be laid out to find its citations: %(reason)s") % {"reason": blocking[0].message}
        )
    return dict(places[mark] for mark in rendering.cited if mark in places)


def _with_keys(draft: Draft, write: Callable[[int, re.Match[str]], str]) -> dict[str, str]:
    """The three texts with every possible key written anew; keys are numbered through all of them."""
    number = -1

    def next_one(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return write(number, match)

    return {name: KEY.sub(next_one, getattr(draft, name)) for name in FIELDS}
