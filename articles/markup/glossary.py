"""Terms of the glossary in a text: where they stand, and their first mention explained. Pure; no Django.

A mention is one or more whole words. Words are compared without case and accents, and a hyphen counts as a space; but a
spelling with a capital behind a word's first letter (COPD, HbA1c, NSAIDs) is an abbreviation, and compared as it is
written. Regular English plurals need not be named. Where spellings overlap, the longest wins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

from articles.markup.plain import plain_text

GLOSSARY, AUTHOR, BARE = "glossary", "author", "bare"
"""How a text treats a term: we explain it, its author does, or nobody (it stands only where nothing is put in)."""

WORD = re.compile(r"\w+(?:['’]\w+)*")
GAP = re.compile(r"[\s\-‐‑]+")
GLUE_BEFORE = frozenset("-‐‑/@#&.+\\")
GLUE_BEHIND = re.compile(r"[-‐‑/@\\]|[.:+]\w")
"""What makes a word a part of a longer one, of an address or of an expression: nothing is put in there."""


class _Folding(dict[int, str]):
    """One character for one, so that a place in the folded text is the place in the text."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        bare = unicodedata.normalize("NFKD", character.casefold())
        bare = "".join(part for part in bare if not unicodedata.combining(part)).casefold()
        folded = bare if len(bare) == 1 else character.lower() if len(character.lower()) == 1 else character
        self[code] = folded
        return folded


_FOLDING = _Folding({ord("’"): "'", ord("‐"): "-", ord("‑"): "-"})


def folded(text: str) -> str:
    """The text without case and accents, every character in its place."""
    return text.translate(_FOLDING)


def is_abbreviation(spelling: str) -> bool:
    """Whether a spelling is compared with its capitals: one stands behind the first letter of a word."""
    return any(any(letter.isupper() for letter in word[1:]) for word in WORD.findall(spelling))


def normal(spelling: str) -> str:
    """What two ways to write the same spelling share. Its abbreviations keep their capitals, other words don't."""
    words = GAP.sub(" ", unicodedata.normalize("NFC", spelling)).split()
    return " ".join(word.replace("’", "'") if is_abbreviation(word) else folded(word) for word in words)


def first_word(spelling: str) -> str:
    """The first word of a spelling, folded; nothing where it holds no word."""
    found = WORD.search(folded(spelling))
    return found[0] if found else ""


def plural(spelling: str) -> str:
    """The regular English plural of the last word: what need not be named as a variant."""
    low = spelling.lower()
    if low.endswith("sis"):
        return spelling[:-2] + "es"
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return spelling + "es"
    if low.endswith("y") and low[-2:-1] not in set("aeiou"):
        return spelling[:-1] + "ies"
    return spelling + "s"


def first_words(text: str) -> set[str]:
    """The folded words of a text, and what they may be the plural of: by them the terms of a text are looked up."""
    words = set(WORD.findall(folded(text)))
    singular = {word[:-1] for word in words if word.endswith("s")}
    singular |= {word[:-2] for word in words if word.endswith("es")}
    singular |= {word[:-3] + "y" for word in words if word.endswith("ies")}
    singular |= {word[:-2] + "is" for word in words if word.endswith("ses")}
    return (words | singular) - {""}


@dataclass(frozen=True)
class Term:
    """A term in force, at a version of its own. `spellings` holds the term itself and its variants."""

    id: int
    version: int
    term: str
    plain: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A term in a text, from one place to another."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True)
class Use:
    """What became of a term in one text: GLOSSARY, AUTHOR or BARE."""

    id: int
    how: str


@dataclass(frozen=True)
class _Spelled:
    """The words of a spelling, folded, and what stands between them; `exact` as written, for an abbreviation."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    exact: str
    term: Term


class Matcher:
    """Finds these terms in texts. A spelling that two of them share belongs to the first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_first: dict[str, list[_Spelled]] = {}
        seen: set[str] = set()
        named = [(spelling, term) for term in self.terms for spelling in (term.term, *term.spellings)]
        for spelling, term in [*named, *((plural(spelling), term) for spelling, term in named)]:
            key = normal(spelling)
            if key and key not in seen:
                seen.add(key)
                self._add(spelling, term)
        for spelled in self._by_first.values():
            spelled.sort(key=lambda one: (-len(one.words), -sum(map(len, one.words)), one.words))

    def _add(self, spelling: str, term: Term) -> None:
        tidy = unicodedata.normalize("NFC", spelling).strip()
        low = folded(tidy)
        found = list(WORD.finditer(low))
        if not found:
            return
        gaps = tuple(_gap(low[one.end() : two.start()]) for one, two in zip(found, found[1:], strict=False))
        exact = normal(tidy) if is_abbreviation(tidy) else ""
        spelled = _Spelled(tuple(match[0] for match in found), gaps, exact, term)
        self._by_first.setdefault(spelled.words[0], []).append(spelled)

    def find(self, text: str) -> Iterator[Mention]:
        """Every mention in a text, from left to right. Mentions don't overlap."""
        low = folded(text)
        words = list(WORD.finditer(low))
        at = 0
        while at < len(words):
            found = self._at(text, low, words, at)
            if found is None:
                at += 1
                continue
            last, spelled = found
            yield Mention(words[at].start(), words[last].end(), spelled.term)
            at = last + 1

    def _at(self, text: str, low: str, words: list[re.Match[str]], at: int) -> tuple[int, _Spelled] | None:
        start = words[at].start()
        if start and low[start - 1] in GLUE_BEFORE:
            return None
        for spelled in self._by_first.get(words[at][0], ()):
            last = at + len(spelled.words) - 1
            if last >= len(words) or any(words[at + n][0] != word for n, word in enumerate(spelled.words)):
                continue
            end = words[last].end()
            if any(
                _gap(low[words[at + n].end() : words[at + n + 1].start()]) != gap for n, gap in enumerate(spelled.gaps)
            ):
                continue
            if GLUE_BEHIND.match(low, end) or (spelled.exact and normal(text[start:end]) != spelled.exact):
                continue
            return last, spelled
        return None


def _gap(between: str) -> str:
    """What stands between two words: white space and hyphens are one space, all else is itself."""
    return GAP.sub(" ", between)


TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
INLINE = frozenset({"a", "br", "code", "em", "span", "strong", "sup"})
LEFT_ALONE = frozenset(
    {"a", "caption", "code", "dt", "figcaption", *(f"h{n}" for n in range(1, 7)), "pre", "sup", "th"}
)
VOID = frozenset({"br", "hr", "img"})
CLOSING = re.compile(r"(?:</(?:em|strong)>)+")
NEAR = 60
"""Characters before and behind a term in which its plain wording counts as the author's own explanation."""
HIDDEN = "\ufffc"
"""Stands for an element that is left alone, within the words around it."""
BRACKET = re.compile(r"\s*\((?P<inside>[^()]{1,300})\)")
WORDY = re.compile(r"[^\W\d_]{3}")
ASIDE = re.compile(
    r"\s*(?:\d|[nN]\s*=|[pP]\s*[<=>]"
    r"|(?:see|cf|e\.?g|table|tables|figure|figures|fig|versus|vs|about|after|against|among|and|at|before|but|by|compared|"
    r"despite|during|especially|except|excluding|for|from|if|in|including|mainly|mostly|not|of|on|only|particularly|"
    r"since|such as|than|to|under|unless|until|when|with|within|without)\b)",
    re.IGNORECASE,
)
"""How brackets begin that say something more of a term, and do not say what it means."""


@dataclass
class _Run:
    """Words in a row within one block: each character with the place in the HTML behind it."""

    text: list[str]
    ends: list[int]


def explain(html: str, matcher: Matcher) -> tuple[str, tuple[Use, ...]]:
    """Put behind the first mention of each term its plain wording, in brackets and a `span.gloss`.

    Not in headings, captions, links, code and citations; and not where the author explains it right there: in brackets,
    or by the plain wording itself. Returns the HTML and what became of each term that it mentions, by the terms' ids.
    """
    if not matcher.terms:
        return html, ()
    how: dict[int, str] = {}
    puts: list[tuple[int, str]] = []
    for run in _runs(html):
        text = "".join(run.text)
        for mention in matcher.find(text):
            term = mention.term
            if term.id in how:
                continue
            behind = _by_author(text, mention, matcher)
            if behind is None:
                how[term.id] = AUTHOR
                continue
            how[term.id] = GLOSSARY
            place = run.ends[behind - 1]
            closing = CLOSING.match(html, place)
            puts.append((closing.end() if closing else place, f' <span class="gloss">({_escaped(term.plain)})</span>'))
    for place, words in sorted(puts, reverse=True):
        html = html[:place] + words + html[place:]
    for mention in matcher.find(plain_text(html)) if len(how) < len(matcher.terms) else ():
        how.setdefault(mention.term.id, BARE)
    return html, tuple(Use(id, how[id]) for id in sorted(how))


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _by_author(text: str, mention: Mention, matcher: Matcher) -> int | None:
    """The place in the text where an explanation belongs; None where the author explains the term right there."""
    start, end, plain = mention.start, mention.end, folded(mention.term.plain)
    if text[:start].endswith("(") and text[end : end + 1] == ")":
        return None
    bracket = BRACKET.match(text, end)
    while bracket:
        inside = [one for one in matcher.find(bracket["inside"]) if one.term == mention.term]
        if not (inside and inside[0].end - inside[0].start == len(bracket["inside"].strip())):
            break
        # The same term in another spelling, as in "atrial fibrillation (AF)": no explanation, and not to be parted.
        end = bracket.end()
        bracket = BRACKET.match(text, end)
    if bracket and WORDY.search(bracket["inside"]) and not ASIDE.match(bracket["inside"]):
        return None
    low, reach = folded(text), NEAR + len(plain)
    if plain in low[max(0, start - reach) : start] or plain in low[end : end + reach]:
        return None
    return end


def _runs(html: str) -> Iterator[_Run]:
    """The running words of HTML, block by block, without what is left alone."""
    run = _Run([], [])
    alone: list[str] = []
    at = 0
    for token in TOKEN.finditer(html):
        if not alone:
            run.text += html[at : token.start()]
            run.ends += range(at + 1, token.start() + 1)
        at = token.end()
        tag = (token["tag"] or "").lower()
        if not tag:
            if not alone:
                for character in unescape(token[0]):
                    run.text.append(character)
                    run.ends.append(at)
            continue
        if tag not in INLINE and run.text:
            yield run
            run = _Run([], [])
        if tag in VOID:
            run.text.append("\n" if tag == "br" and not alone else HIDDEN)
            run.ends.append(at)
        elif tag in LEFT_ALONE:
            if not token["close"]:
                alone.append(tag)
            elif tag in alone:
                while alone.pop() != tag:
                    pass
                if not alone:
                    run.text.append(HIDDEN)
                    run.ends.append(at)
    if not alone:
        run.text += html[at:]
        run.ends += range(at + 1, len(html) + 1)
    if run.text:
        yield run
