"""Names in BibTeX and BibLaTeX, in and out: split first, then decoded, so that no accent is taken for a brace.

The rules are BibTeX's ("Tame the BeaST", 11), through bibtexparser; where a list breaks them in a way that can only
mean one thing, it is read so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from references.folding import tidy_line
from references.formats.latex import Latex, escaped
from references.names import OTHERS, Name, family, is_others, is_suffix, joined_particles

# A name without a comma that holds one of these is an organisation's, whatever BibTeX would make of it.
_ORGANISATION = re.compile(
    r"\b(?:Organi[sz]ation|Association|Society|Group|Committee|Collaborat(?:ion|ive|ors)|Consortium|Investigators"
    r"|Institutes?|Ministry|Department|University|Network|Agency|Foundation|Academy|Task ?[Ff]orce|Programme|Program"
    r"|Administration|Authority|Commission|Federation|Alliance|Panel|Centers?|Centres?|Hospital|Trialists|Service)\b"
)
# What BibTeX takes for a particle. One that ends in an apostrophe or a hyphen is no word of its own.
_PARTICLE = re.compile(r"['’]?[^\W\d_]+\.?")
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix)(?:-i)?\s*=")


def read(text: str, latex: Latex) -> list[dict[str, str]]:
    """The names of an `author` or `editor` field, given without its own braces or quotation marks."""
    text = " ".join(text.split())
    if (inner := _in_braces(text)) is not None:
        whole = split_multiple_persons_names(inner)
        if len(whole) < 2 or not all("," in name for name in whole):
            return _literal(inner, latex)
        text = inner
    parts = split_multiple_persons_names(text)
    if len(parts) == 1 and "{" not in text:
        parts = _loose_list(text)
    return [name for part in parts for name in _names(part.strip(" ;"), latex)]


def write(names: Iterable[Name]) -> str:
    """The names as `read` reads them: `von Family, Suffix, Given`, and organisations in braces."""
    return " and ".join(_written(name) for name in names)


def _loose_list(text: str) -> list[str]:
    """The names of a list that is parted by semicolons, or by commas between `Family, Initials` or whole names."""
    if ";" in text:
        return [part for part in text.split(";") if part.strip()]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 3:
        if all(" " in part for part in parts):
            return parts
        if len(parts) % 2 == 0 and all(re.fullmatch(r"(?:[^\W\d_a-z][.\s-]*){1,4}", part) for part in parts[1::2]):
            return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return [text]


def _names(part: str, latex: Latex) -> list[dict[str, str]]:
    if not part:
        return []
    if part.casefold() == "others":
        return [dict(OTHERS)]
    if (inner := _in_braces(part)) is not None:
        return _literal(inner, latex)
    if match := re.fullmatch(r"(.*?),?\s+et\.?\s+al\.?", part, re.I):
        return [*_names(match[1], latex), dict(OTHERS)]
    if _EXTENDED.match(part):
        return _extended(part, latex)
    return _person(part, latex)


def _person(part: str, latex: Latex) -> list[dict[str, str]]:
    # Without a given name, `García López,` would be split as if it had no comma.
    parsed = parse_single_name_into_parts(f"{part} {{}}" if part.endswith(",") else part, strict=False)
    first, von, last, jr = list(parsed.first), list(parsed.von), list(parsed.last), list(parsed.jr)
    if "," not in part and (_ORGANISATION.search(part) or not (first or von)):
        return _literal(part, latex)
    if "," not in part and von and all(re.fullmatch(r"[^\W\d_]\.", word) for word in von):
        # `M. a. Talin`: an initial that some program wrote small.
        first, von = first + von, []
    if not jr and len(last) > 1 and is_suffix(last[-1]):
        jr = [last.pop()]
    elif not jr and "," not in part and is_suffix(last[-1] if last else "") and len(first) > 1:
        jr, last = last, [first.pop()]
    elif jr and len(first) == 1 and is_suffix(first[0]) and not is_suffix(" ".join(jr)):
        # `Smith, John, Jr.`: the suffix stands last in many files.
        first, jr = jr, first
    elif not jr and len(first) > 1 and is_suffix(first[-1]):
        jr = [first.pop()]
    name = {
        "family": latex.decode(" ".join(last)),
        "given": latex.decode(" ".join(first)),
        "non-dropping-particle": latex.decode(" ".join(von)),
        "suffix": latex.decode(" ".join(jr)),
    }
    if not name["family"]:
        return _literal(part, latex)
    return [{key: value for key, value in name.items() if value}]


def _extended(part: str, latex: Latex) -> list[dict[str, str]]:
    """BibLaTeX's `family=Berg, given=Jan, prefix=van den, useprefix=true`."""
    found = {
        name.strip().lower(): latex.decode(value)
        for name, _equals, value in (each.partition("=") for each in re.split(r",(?![^{]*\})", part))
    }
    particle = "dropping-particle" if found.get("useprefix") == "false" else "non-dropping-particle"
    name = {
        "family": found.get("family", ""),
        "given": found.get("given", ""),
        particle: found.get("prefix", ""),
        "suffix": found.get("suffix", ""),
    }
    return [{key: value for key, value in name.items() if value}] if name["family"] else _literal(part, latex)


def _literal(text: str, latex: Latex) -> list[dict[str, str]]:
    name = latex.decode(text)
    return [{"literal": name}] if name else []


def _in_braces(text: str) -> str | None:
    """What stands in one pair of braces around all of `text`; None where they are not one pair."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    depth = 0
    for mark in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if mark[0] == "{" else -1
        if depth == 0:
            return text[1:-1] if mark.end() == len(text) and not text.startswith("{\\") else None
    return None


def _written(name: Name) -> str:
    if "literal" in name:
        literal = tidy_line(name["literal"])
        if is_others(name):
            return "others"
        written = escaped(literal)
        # Braces before a command are LaTeX's own; a second pair says that the name is whole.
        doubled = written.startswith("\\") or re.search(r"\band\b", literal, re.I)
        return f"{{{{{written}}}}}" if doubled else f"{{{written}}}"
    particle = joined_particles(name.get("dropping-particle", ""), name.get("non-dropping-particle", ""))
    last = _part(name["family"])
    if particle and all(_PARTICLE.fullmatch(word) and word.islower() and word != "and" for word in particle.split()):
        last = f"{particle} {last if last[0] == '{' or last[0].isupper() else f'{{{last}}}'}"
    elif particle:
        last = _part(family(name))
    given, suffix = _part(name.get("given", "")), _part(name.get("suffix", ""))
    if suffix:
        return f"{last}, {suffix}, {given or '{}'}"
    return f"{last}, {given}" if given else f"{last},"


def _part(text: str) -> str:
    """A part of a name, in braces unless it is plain words that nothing can be read into."""
    text = tidy_line(text)
    plain = re.fullmatch(r"[^\W\d_]+(?:[-. '’]{1,2}[^\W\d_]+)*\.?", text) and not re.search(
        r"\b(?:and|others|et|al|jr|sr|I{2,3}|IV)\b|''|^[^\W\d_A-Z]* ", text, re.I
    )
    # A small word inside would make a particle of all before it: `García de Abajo`. So would one without any case.
    small = " " in text and not all(word[0].isupper() for word in text.split())
    if not text or (plain and not small and (text[0].isupper() or not text[0].isalpha())):
        return text
    return f"{{{escaped(text)}}}"
