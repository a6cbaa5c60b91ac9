"""Words in a question that cannot wait for an answer. Pure.

It would rather show the notice once too often: whoever reads it in vain loses a second. Chest pain and its like count
where they are somebody's and now; an overdose, suicide and what kills in minutes always do.
"""

from __future__ import annotations

import re

EMERGENCY, CRISIS = "emergency", "crisis"

_NOW = (
    r"(?:\bnow\b|\bright now\b|\btoday\b|\btonight\b|\bthis (?:morning|evening|afternoon|minute)\b|\bsudden(?:ly)?\b"
    r"|\bjust (?:began|happened|collapsed)\b|\bstarted\b|\bsince\b|\b(?:minute|hour)s? ago\b|\bfor the last\b"
    r"|\b(?:i|he|she|we|they)(?:['’]ve|['’]m|['’]s| have| am| has| is| had| feel| feels| got| get)\b"
    r"|\b(?:my|our) (?:husband|wife|partner|son|daughter|child|baby|mother|father|mum|mom|dad|sister|brother|friend)\b)"
)
_SIGNS = (
    r"(?:chest (?:pain|pressure|tightness)|pain in (?:my|his|her|the) chest|tight(?:ness)? (?:in (?:my|his|her) )?chest"
    r"|(?:can(?:no|['’])?t|cannot|unable to|hard to|struggling to) breathe?|short(?:ness)? of breath|choking"
    r"|face (?:is )?droop\w*|slurred speech|can(?:no|['’])?t (?:move|feel) (?:my|his|her|one) (?:arm|leg|side|face)"
    r"|throat (?:is )?(?:closing|swelling)|tongue (?:is )?swelling|(?:coughing up|vomiting) blood"
    r"|bleeding (?:heavily|badly)"
    r"|won['’]?t stop bleeding|worst headache|heart attack|having a stroke|seizure|fit(?:ting)?\b)"
)
_ALWAYS = re.compile(
    r"\b(?:overdos\w*|(?:took|taken) too (?:many|much)|swallowed (?:bleach|(?:a )?batter\w+|poison\w*|pills)"
    r"|poisoned|unconscious|not breathing|stopped breathing|isn['’]?t breathing|turning blue|anaphyla\w*|cardiac arrest"
    r"|unresponsive|collapsed|won['’]?t wake up)\b",
    re.I,
)
_CRISIS = re.compile(
    r"\b(?:suicid\w*|kill(?:ing)? (?:my|him|her)self|end(?:ing)? (?:my|his|her) (?:own )?life|end it all|wants? to die"
    r"|don['’]?t want to (?:live|be alive)|self[- ]?harm\w*|hurt(?:ing)? myself|better off dead)\b",
    re.I,
)
_SIGN, _IS_NOW = re.compile(rf"\b{_SIGNS}", re.I), re.compile(_NOW, re.I)


def urgent(text: str) -> frozenset[str]:
    """EMERGENCY and CRISIS, where words for them stand in the text. A sign and its “now” stand in one sentence."""
    found = set()
    if _CRISIS.search(text):
        found |= {CRISIS, EMERGENCY}
    if _ALWAYS.search(text):
        found.add(EMERGENCY)
    for sentence in re.split(r"(?<=[.?!])\s+|\n", text):
        if _SIGN.search(sentence) and _IS_NOW.search(sentence):
            found.add(EMERGENCY)
    return frozenset(found)
