"""Numbers for works, by first appearance in the edition, and the finished citation marks. See `result.CITE_MARK`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from html import escape

from articles.markup.citations import CLOSE, OPEN, KeyUse
from articles.markup.result import Finding

UNFINISHED = re.compile(f'<a class="cite">{OPEN}(?P<ordinal>\\d+){CLOSE}</a>')
NOT_RUNNING = re.compile(r"<code>.*?</code>|<[^>]*>", re.DOTALL)


def cited_ordinals(html: str) -> set[int]:
    """The places in the source that became citations in this unfinished HTML."""
    return {int(match["ordinal"]) for match in UNFINISHED.finditer(html)}


def number_works(
    ordinals: Iterable[int], uses: list[KeyUse], known: Mapping[str, str] | None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the number of each known key as it is written, and the works' own keys in the order of their numbers.

    Ordinals run through lead, plain lead and body, so they are the order. Keys of one work share its number.
    """
    numbers: dict[str, int] = {}
    works: dict[str, int] = {}
    for ordinal in sorted(ordinals):
        key = uses[ordinal].key
        if key not in numbers and (known is None or key in known):
            numbers[key] = works.setdefault(key if known is None else known[key], len(works) + 1)
    return numbers, tuple(works)


def unknown_keys(ordinals: Iterable[int], uses: list[KeyUse], numbers: dict[str, int]) -> list[Finding]:
    """Say which cited keys the library doesn't know, once for each key and line."""
    places = {
        (use.key, use.line, use.field): None
        for use in (uses[ordinal] for ordinal in sorted(ordinals))
        if use.key not in numbers
    }
    return [
        Finding(
            "unknown-citation", f"“{key}” on line {line} is not the key of any reference.", line, field, blocks=True
        )
        for key, line, field in places
    ]


def bare_keys(texts: Iterable[str], uses: list[KeyUse], known: Collection[str] | None) -> list[Finding]:
    """Tell of keys that the library knows and that stand in running text without brackets, so that they don't cite."""
    if not known:
        return []
    found = {
        int(mark[1]): None
        for html in texts
        if OPEN in html
        for mark in re.finditer(f"@{OPEN}(\\d+){CLOSE}", NOT_RUNNING.sub("", html))
    }
    return [
        Finding(
            "bare-key",
            f"“@{use.key}” on line {use.line} is not a citation, because it does not stand alone in square brackets; "
            f"write [@{use.key}] to cite it.",
            use.line,
            use.field,
            blocks=False,
        )
        for use in (uses[ordinal] for ordinal in sorted(found))
        if use.key in known
    ]


def fill(html: str, prefix: str, uses: list[KeyUse], numbers: dict[str, int]) -> tuple[str, dict[int, int]]:
    """Finish the citation marks of one text; return it and how often each number is cited in it.

    `prefix` keeps ids apart where several texts stand on one page: empty for the body, `lead-` and `plain-` for leads.
    """
    counts: Counter[int] = Counter()

    def finished(match: re.Match[str]) -> str:
        key = uses[int(match["ordinal"])].key
        number = numbers.get(key)
        if number is None:
            return f'<span class="cite-unknown">[@{escape(key, quote=False)}?]</span>'
        counts[number] += 1
        return (
            f'<a class="cite" href="#ref-{number}" id="cite-{prefix}{number}-{counts[number]}" role="doc-noteref"'
            f' aria-label="Reference {number}">{number}</a>'
        )

    return UNFINISHED.sub(finished, html), dict(sorted(counts.items()))
