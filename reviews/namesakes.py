"""Names in a byline that belong to no account: each is taken for the person of that name."""

from __future__ import annotations

import unicodedata

from articles.editions import Frozen


def name_key(name: str) -> str:
    """A person's name as it is compared: without case, accents, points and doubled spaces."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one)).split())


def unlinked_names(frozen: Frozen) -> frozenset[str]:
    """The names, as `name_key` has them, of those in the byline of an edition who have no account."""
    return frozenset(name_key(one["name"]) for one in frozen.source["byline"] if not one.get("user"))
