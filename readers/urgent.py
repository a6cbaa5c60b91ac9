"""Words in a question that cannot wait for an answer. Pure.

It would rather show the notice once too often: whoever reads it in vain loses a second. People in need write in haste,
without apostrophes, “breath” for “breathe” and “to many” for “too many”. Chest pain and its like count where they are
somebody's or happen now; an overdose, suicide and what kills in minutes always do.
"""

from __future__ import annotations

import re
from typing import Any

EMERGENCY, CRISIS = "emergency", "crisis"

_QUOTES = re.compile(r"['’‘ʼ`´]")
_NOT = (
    (r"\bcan ?not\b", "cant"),
    (r"\b(do|does|did|is|was|could|would) not\b", r"\1nt"),
    (r"\bwill not\b", "wont"),
)
_UNITS = r"(?:mg|mcg|µg|g|ml|units?|iu|percent|times|days?|weeks?|hours?|min(?:ute)?s?|months?|years?|people|patients)"
_MANY = r"(?:ten|a dozen|fifteen|twenty|thirty|forty|fifty|sixty|hundreds?)"
_MEDICINE = r"(?:pills?|tablets?|capsules?|medicines?|medications?|meds|tylenol|paracetamol|ibuprofen|insulin)"
_HEAP = r"(?:handful|bottle|bunch|load|box|pack|packet|strip|lot)"
_POISON = (
    rf"(?:bleach|batter\w+|poison\w*|{_MEDICINE}|anti ?freeze|detergent|cleaner|petrol|gasoline|kerosene|paraffin"
    r"|weed ?killer|pesticide\w*|mushrooms?|berries|magnets?|nail polish|acid|disinfectant|turpentine|white spirit"
    r"|lamp oil)"
)
_SOMEONES = r"(?:my|his|her|their)"
_NOW = (
    r"(?:now|today|tonight|this (?:morning|evening|afternoon|minute)|sudden(?:ly)?|just (?:began|happened|collapsed)"
    r"|started|since|(?:minute|hour)s? ago|for the last|my|our"
    r"|i(?:ve|m)|(?:he|she)s|(?:we|they)ve|(?:i|he|she|we|they) (?:have|am|are|has|is|had|feels?|got|get)"
    r"|(?:am|is|are) (?:i|he|she|they))"
)
_SIGNS = (
    r"(?:chest (?:\w+ ){0,3}(?:pain|hurt|pressure|tight|heav|crush|squeez)\w*|crushing chest"
    rf"|(?:pain|pressure|tight|tightness|heaviness) (?:in|on|across) (?:{_SOMEONES} |the )?chest|tight chest"
    r"|(?:unable to|hard to|struggling to|trouble|difficulty|barely|hardly) breath\w*|short(?:ness)? of breath|choking"
    rf"|slurred speech|slurring|cant (?:move|feel) (?:{_SOMEONES} |one )(?:arm|leg|side|face)|passed out|fainted"
    r"|(?:throat|tongue|lips?) (?:\w+ )?(?:swelling|swollen)|(?:coughing up|vomiting|throwing up) blood"
    r"|bleeding (?:heavily|badly|a lot)|losing a lot of blood"
    r"|worst headache|thunderclap|heart attack|having a stroke|seizure|convuls\w*|fit(?:ting)?\b"
    rf"|hit {_SOMEONES} head|loss of (?:vision|sight)|rash (?:\w+ ){{0,3}}(?:wont|doesnt|not) fade)"
)
_ALWAYS = (
    r"(?:over ?dos\w*|(?:took|taken|take|taking|swallowed|had|gave|given) (?:\w+ ){0,4}?too? (?:many|much)"
    rf"|(?:took|taken|swallowed) (?:\w+ ){{0,2}}?(?:\d{{2,}}\b(?! ?{_UNITS}\b)|{_MANY}\b(?! {_UNITS}\b)"
    rf"|(?:a|the) (?:whole )?{_HEAP} of|(?:all|the whole) (?:\w+ ){{0,2}}{_MEDICINE})"
    rf"|(?:swallowed|drank|drunk|ate|eaten|ingested) (?:\w+ ){{0,4}}?{_POISON}|poisoned"
    r"|(?:took|taken|gave|given|accident\w*) (?:\w+ ){0,3}(?:double|twice the|wrong) dose"
    r"|unconscious|unresponsive|not responding|collapsed|(?:not|stopped|isnt|barely) breathing"
    rf"|cant breathe?\b(?! (?:through|thru|out of) (?:{_SOMEONES} |the )?nose)|no pulse|heart (?:has )?stopped"
    r"|turn(?:ing|ed) (?:blue|grey|gray)|lips (?:\w+ ){0,2}(?:blue|grey|gray)"
    r"|ana(?:ph|f)[iy]la\w*|allergic reaction\b.{0,60}\b(?:throat|tongue|face|breath)\w*|throat (?:is )?closing"
    rf"|cardiac arrest|(?:wont|cant|isnt|not) (?:wake|waking) up|(?:cant|couldnt) wake (?:him|her|them|{_SOMEONES} \w+)"
    r"|(?:face|mouth|smile) (?:is |has )?droop\w*|(?:wont|doesnt|cant|not) stop bleeding"
    r"|bleeding (?:wont|doesnt|cant) stop)\b"
)
_CRISIS = (
    r"(?:(?:suicid|sucid|suicd|suisid|suiscid)\w*|kill(?:ing)? (?:my|him|her|them)sel\w*|unalive"
    rf"|(?:end|ending|take|taking|took) {_SOMEONES} (?:own )?li(?:fe|ves)|end it all"
    r"|(?:wants?|wanted|wish|hope|ready|trying|tried|ways?|how) (?:\w+ )?to die|wanna die"
    r"|(?:took|taken) .{0,80}\bto die"
    r"|wish (?:i|he|she) (?:was|were) dead|better off (?:dead|without me)"
    r"|dont want to (?:live|be alive|be here|exist|wake up)|no (?:point|reason) (?:in|to|for) liv\w+|cant go on"
    r"|self[- ]?harm\w*|(?:harm|harming|hurt|hurting|cutting|hang|hanging) (?:my|him|her|them)sel\w*"
    rf"|(?:cut|cutting|slit) {_SOMEONES} wrists?|painless death|jump off (?:a|the) (?:bridge|building|roof))\b"
)
_SIGN, _IS_NOW = re.compile(rf"\b{_SIGNS}"), re.compile(rf"\b{_NOW}\b")
_IS_ALWAYS, _IS_CRISIS = re.compile(rf"\b{_ALWAYS}"), re.compile(rf"\b{_CRISIS}")


def urgent(text: str) -> frozenset[str]:
    """EMERGENCY and CRISIS, where words for them stand in the text. A sign and its “now” stand in one sentence."""
    found = set()
    for sentence in re.split(r"(?<=[.?!])\s+|\n", text.lower()):
        said = _as_written_in_haste(sentence)
        if _IS_CRISIS.search(said):
            found |= {CRISIS, EMERGENCY}
        if _IS_ALWAYS.search(said) or (_SIGN.search(said) and _IS_NOW.search(said)):
            found.add(EMERGENCY)
    return frozenset(found)


def said_first(text: str) -> dict[str, Any]:
    """What templates/readers/urgent.html takes, for the words that somebody wrote."""
    found = urgent(text)
    return {"is_urgent": bool(found), "is_crisis": CRISIS in found}


def _as_written_in_haste(sentence: str) -> str:
    """A sentence with one blank between words, and with “can not” and “can't” as “cant”."""
    said = " ".join(_QUOTES.sub("", sentence).split())
    for pattern, instead in _NOT:
        said = re.sub(pattern, instead, said)
    return said
