"""Authors' names: as CSL holds them, as catalogues invert them, and as a person types them in a form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from references.folding import tidy_line

Name = Mapping[str, str]

NAME_PARTS = ("family", "given", "non-dropping-particle", "dropping-particle", "suffix")
"""The parts of a person's name in CSL, in the order in which they are stored; an organisation has `literal`."""

OTHERS: Name = MappingProxyType({"literal": "others"})
"""What stands after the names of a work that has more than were given."""

_SUFFIX = re.compile(r"(.*[^\s,]),?\s+((?:Jr|Sr)\.?|2nd|3rd|4th|II|III|IV)", re.S)

# Written small before a name that begins with a capital, these are particles in every language that has them.
_PARTICLES = (
    r"af|av|da|das|de|degli|dei|del|della|delle|dello|den|der|di|do|dos|du|het|['’]t|te|ten|ter"
    r"|van|vande|vanden|vander|vom|von|zu|zum|zur"
)
_PARTICLE = re.compile(rf"((?:{_PARTICLES})(?: (?:{_PARTICLES}|dem|la|las|lo|los|op|und|y))*) (?=[^\W\d_])")


def clean_authors(authors: Iterable[Name]) -> list[dict[str, str]]:
    """Names with the parts that CSL knows, tidy and in one order; a name without words is left out.

    A person has a family name; a name that is given only, or whole, is `literal`, as an organisation's is. What says
    that there are more names is no author: it becomes OTHERS, once and after the names, or nothing without one.
    """
    names: list[dict[str, str]] = []
    for author in authors:
        parts = {part: tidy_line(author.get(part, "")) for part in (*NAME_PARTS, "literal")}
        if parts["family"]:
            names.append({part: parts[part] for part in NAME_PARTS if parts[part]})
        elif parts["literal"] or parts["given"]:
            names.append({"literal": parts["literal"] or parts["given"]})
    real = without_others(names)
    return [*real, dict(OTHERS)] if real and len(real) < len(names) else real


def is_others(name: Name) -> bool:
    """Whether a name is no name but says that there are more, as some exports write it."""
    if "literal" in name:
        return _is_more(name["literal"]) or name["literal"].casefold() == "others"
    # Programs that take it for a person's make `et al.` a family name, or `al.` one with `et` before it.
    return name.keys() <= {"family", "given"} and _is_more(f"{name.get('given', '')} {name.get('family', '')}".strip())


def without_others(names: Iterable[Name]) -> list[dict[str, str]]:
    """The names that are names."""
    return [dict(name) for name in names if not is_others(name)]


def _is_more(text: str) -> bool:
    return re.fullmatch(r"(?:and|&) others\.?|et\.? al(?:ii|ia|iae|\.)?", text, re.I) is not None


def family(name: Name) -> str:
    """The family name with its particles before it: `van den Berg`, `d'Aubignac`, `al-Sayed`."""
    return joined_particles(
        name.get("dropping-particle", ""), name.get("non-dropping-particle", ""), name.get("family", "")
    )


def joined_particles(*parts: str) -> str:
    """Particles, and the name that they stand before. After an apostrophe or a hyphen there is no space."""
    whole = ""
    for part in parts:
        whole += f" {part}" if whole and part and not whole.endswith(("'", "’", "-", "‐")) else part
    return whole


def inverted(name: Name) -> str:
    """`Family, Given, Suffix` as far as there are such parts; an organisation's name whole."""
    if "literal" in name:
        return name["literal"]
    # A comma inside a part would be read as the start of the next one.
    parts = [
        tidy_line(part.replace(",", " ")) for part in (family(name), name.get("given", ""), name.get("suffix", ""))
    ]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return ", ".join(parts)


def from_lines(text: str, before: Iterable[Name] = ()) -> list[dict[str, str]]:
    """Return the names in `text`: `Family, Given` or `Family, Given, Suffix` in each line.

    A line without a comma is an organisation, or a person of one name. In braces a line is an organisation whatever
    it holds: `{Pfizer, Inc.}`. A line that `to_lines` made of a name in `before` is that name, particles and all.
    """
    known = {_line(name): name for name in before}
    return clean_authors(known.get(line) or _read(line) for line in map(tidy_line, text.splitlines()))


def of_medline(text: str) -> dict[str, str]:
    """The name that MEDLINE writes: `van der Berg, Jan A Jr` in full, or `Smith JA Jr` with initials alone."""
    text = tidy_line(text)
    if is_others({"literal": text}):
        return dict(OTHERS)
    if "," in text:
        family_name, given = (part.strip() for part in text.split(",", 1))
    else:
        match = re.fullmatch(r"(.+?) ([^\W\d_]{1,4}(?: (?:Jr|Sr|2nd|3rd|4th|II|III|IV))?)", text)
        family_name, given = match.groups() if match else (text, "")
    if not given:
        return {"literal": family_name}
    given, suffix = parted_suffix(given)
    family_name, particle = parted_particle(family_name)
    name = {"family": family_name, "given": given, "non-dropping-particle": particle, "suffix": suffix}
    return {part: name[part] for part in NAME_PARTS if name.get(part)}


def parted_particle(text: str) -> tuple[str, str]:
    """A family name without the particles before it, and these: `van der Berg` is Berg, and van der.

    Only what is surely one: known words, written small, before a name with a capital. Of the particles of CSL they are
    the ones that never drop off; catalogues do not tell these apart.
    """
    match = _PARTICLE.match(text)
    if match is None or not text[match.end()].isupper():
        return text, ""
    return text[match.end() :], match[1]


def parted_suffix(text: str) -> tuple[str, str]:
    """A part of a name without the suffix at its end, and the suffix: `John Jr.` is John, and Jr."""
    match = _SUFFIX.fullmatch(text)
    return (match[1], match[2]) if match else (text, "")


def is_suffix(text: str) -> bool:
    """Whether `text` is a suffix of a name: Jr., Sr, III."""
    return _SUFFIX.fullmatch(f"x {text}") is not None


def to_lines(authors: Iterable[Name]) -> str:
    """Return the lines that `from_lines` reads, one for each name."""
    return "\n".join(_line(name) for name in authors)


def _read(line: str) -> Name:
    if line.startswith("{") and line.endswith("}"):
        return {"literal": line[1:-1]}
    if "," not in line:
        return {"literal": line}
    return dict(zip(("family", "given", "suffix"), line.split(",", 2), strict=False))


def _line(name: Name) -> str:
    line = inverted(name)
    if "literal" in name:
        return f"{{{line}}}" if "," in line or line.startswith("{") else line
    return line if "," in line else f"{line},"
