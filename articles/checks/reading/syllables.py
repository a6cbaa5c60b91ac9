"""How many syllables an English word has, by its letters: right for about nine words of ten, which is what the formulas
of readability were made with. See tests/articles/checks/test_syllables.py for the words that it is held to.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[aeiouyr]le|[^aeiouydt]ed|[^aeiouyszcgxh]es|(?:[^cs]h|[^aeiou]gu|qu)es?)$")
# Vowels side by side that are two syllables.
_APART = re.compile(
    r"i(?:a(?!n$|ns$|l$|lly$|ge)|o(?!n|u)|um|us\b|et|eri)|(?<![cgst])ian|(?<![cst])ial|eo(?!n$)|ua(?!r)|uou|io(?=l|p|r|s|d)|[aeiou]ing"
    r"|yi|(?<!q)ui(?=t[iey]|d)|ea(?=t[eio]|l[iy]|n$|s[iu])|oe(?!s$|uv)|(?<=[bcdfgklmnprtvz])ia$|ii|aa|uu|ao|eu(?=m|s$)|e[iu](?=n$|ty)"
)
_TOGETHER = re.compile(
    r"(?:[^aeiou]ely|[^aeiou]eful|[^aeiou]eless|[^aeiou]ement|somewh|everyone|something|sometimes|therefore|lifestyle)"
)
_KNOWN = {
    "people": 2, "area": 3, "areas": 3, "idea": 3, "being": 2, "every": 2, "evening": 2, "medicine": 3, "medicines": 3,
    "business": 2, "science": 2, "quiet": 2, "diet": 2, "client": 2, "patient": 2, "patients": 2, "ancient": 2,
    "heart": 1, "year": 1, "years": 1, "clothes": 1, "disease": 2, "diseases": 3, "does": 1, "goes": 1, "two": 1,
    "eye": 1, "eyes": 1, "liver": 2, "higher": 2, "lower": 2, "create": 2, "created": 3, "react": 2, "diarrhoea": 4,
    "diarrhea": 4, "something": 2, "sometimes": 2, "therefore": 2, "everyone": 3, "lifestyle": 2, "rhythm": 2,
    "asthma": 2, "cardiac": 3, "doctor": 2, "able": 2, "use": 1, "used": 1, "uses": 2, "caused": 1, "causes": 2,
}  # fmt: skip


@lru_cache(maxsize=20_000)
def count(word: str) -> int:
    """The syllables of one word; at least one. Figures and signs count as one."""
    low = re.sub(r"[^a-z]", "", word.lower())
    if not low:
        return 1
    if low in _KNOWN:
        return _KNOWN[low]
    found = len(_VOWELS.findall(low))
    if _SILENT_END.search(low) and found > 1:
        found -= 1
    found += len(_APART.findall(low))
    found -= len(_TOGETHER.findall(low))
    if low.endswith(("sm", "thm")):
        found += 1
    return max(found, 1)
