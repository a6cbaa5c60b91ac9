"""The glossary's terms in a text that is being written: which are explained, by whom, and which are bare. No query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from articles.audiences import BY_SLUG, PLAIN
from articles.freezing import Rendered
from articles.markup.glossary import AUTHOR, BARE, GLOSSARY, Matcher
from articles.markup.result import PLAIN_LEAD


def terms_of(rendered: Rendered, written: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Each term that occurs, with the places where it is explained, where its author does, and where nobody does.

    A term that only professional readers meet has no place at all: to them nothing is explained. `words` are those by
    which the term stands in the texts as they are `written`: the editor marks them there.
    """
    places: dict[int, dict[str, list[str]]] = {}
    for place, uses in rendered.rendering.terms.items():
        for use in uses:
            places.setdefault(use.id, {}).setdefault(use.how, []).append(place)
    elsewhere = Matcher(term for term in rendered.terms if term.id not in places)
    texts = [text.plain for text in rendered.rendering.texts] if elsewhere.terms else []
    others = {mention.term.id for text in texts for mention in elsewhere.find(text)}
    words: dict[int, set[str]] = {}
    matcher = Matcher(rendered.terms)
    for text in written if rendered.terms else ():
        for mention in matcher.find(text):
            words.setdefault(mention.term.id, set()).add(text[mention.start : mention.end])
    return [
        {
            "id": term.id,
            "term": term.term,
            "plain": term.plain,
            "words": json.dumps(sorted(words.get(term.id, ()))),
            "explained": _places(places.get(term.id, {}).get(GLOSSARY, ())),
            "by_author": _places(places.get(term.id, {}).get(AUTHOR, ())),
            "bare": _places(places.get(term.id, {}).get(BARE, ())),
        }
        for term in sorted(rendered.terms, key=lambda term: term.term.casefold())
        if term.id in places or term.id in others
    ]


def _places(found: Iterable[str]) -> list[str]:
    """Places in words: the plain bottom line, and the readers of the plain register, together where all have it."""
    names = set(found)
    plain = [audience for audience in BY_SLUG.values() if audience.register == PLAIN]
    words = [_("bottom line in plain words")] if PLAIN_LEAD in names else []
    if all(audience.slug in names for audience in plain):
        return [*words, _("text of plain readers")]
    return words + [_("text of %(readers)s") % {"readers": _(one.adapted)} for one in plain if one.slug in names]
