"""Words as search compares them: parted, folded, brought to their stem, and numbered. Pure.

The stem is that of M. F. Porter, An algorithm for suffix stripping, Program 14 (1980), written after the paper.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from references.searching.words import LONGEST_WORD
from references.searching.words import words_of as folded_words

__all__ = ["FILLERS", "KIN", "SMALL", "number_of", "number_of_word", "stem", "words_of"]

_SMALL = """
    a an the and or nor of in on at to for with without by from as is are was were be been being am do does did
    doing done can could may might must should would will shall has have had having what which who whom whose when
    where why how there it its it's this that these those i me my mine myself we us our ours you your yours they them
    their theirs he him his she her hers if then than so not no any some all also about into over under up down out
    off just very too s t d ll re ve im ive id dont doesnt cant isnt whats thats but
"""
SMALL = frozenset(_SMALL.split())
"""Words that say nothing beside others: indexed in questions only, and asked for only where nothing else is."""

_FILLERS = """
    ago again almost always another anybody anyone anything ask asked asking away back bad because become believe
    best better bit boy brother came come comes dad daughter day days doc doctor doctors due else even ever every
    everything explain father feel feeling feels few find first friend gave get gets getting girl give given go goes
    going gone good got grandfather grandma grandmother grandpa great guy happen happened happening happens hear
    heard hello help her here herself hi himself husband information interested internet keep keeps kid kids kind
    knew know last lately later least let like likely little live long look looking lot lots mad make makes man many
    maybe mean means mention mentioned mom month months more most mother much mum mummy need needs never new next nice
    nothing now nurse often ok okay old one only other others ours own parent parents partner people person please
    probably put question quite read really reason recently right said same say saying says scared see seem seems
    seen several side since sister someone something sometimes son soon sort still stop stuff such sure take taken
    takes taking tell thank thanks themselves thing things think thinking though thought through time times today
    told tonight took tried true try trying two uncle until used using usual usually want wanted wants way week weeks
    well went whether wife wondering word work works worried worry worse wrong year years yesterday yet young aunt
    baby nephew niece cousin neighbour neighbor colleague three four five six seven eight nine ten actually already
    apparently dear during exactly gonna kinda supposed google googled online anyway around both call called calls
    able before after between each everyone everybody half having hope must once per
"""
FILLERS = frozenset(_FILLERS.split())
"""What people say around a question: it counts for little."""

_FAMILIES = """
    treat treatment treatments treated treating therapy therapies cure cured curable manage managed management remedy
    symptom symptoms sign signs notice noticing feature features
    cause causes caused causing why reason
    inherit inherited inherits inheritance hereditary heredity genetic genes gene runs passed pass
    diagnose diagnosed diagnosis diagnosing detect detected test tests testing
    outlook prognosis survive survival expectancy expect
    prevent prevented preventing prevention avoid
    common prevalence frequency frequent rare affected
    risk risks susceptible susceptibility chance chances
    complication complications
    kidney kidneys renal
    heart cardiac
    liver hepatic
    lung lungs pulmonary
    child children childhood pediatric paediatric kid kids baby babies infant infants newborn
    cancer cancers carcinoma tumor tumors tumour tumours malignant
    drug drugs medicine medicines medication medications pill pills tablet tablets
    pregnant pregnancy
    belly stomach abdomen abdominal tummy gastric
    eye eyes ocular vision eyesight
    skin dermal cutaneous
    brain cerebral
    bone bones skeletal
    infection infections infected infectious
    hypertension hypertensive
    itch itchy itching pruritus
    vomit vomiting throwing
    fever temperature
    tired tiredness fatigue exhausted
    seizure seizures convulsion convulsions
    deaf deafness hearing
    blind blindness
    weak weakness
    swollen swelling edema oedema
    anemia anaemia anaemic anemic
    diarrhea diarrhoea
    pee peeing urine urinate urination
    poop stool stools bowel
    die dies dying death fatal deadly
    contagious catch catching spread spreads transmitted transmission
"""


_ASCII_WORD = re.compile(r"[a-z0-9]+")
_NO_APOSTROPHES = str.maketrans("", "", "'`")


def words_of(text: str) -> list[str]:
    """The words of a text, folded, as the library's search has them; quicker where all is ASCII, as most texts are."""
    if not text.isascii():
        return folded_words(text)
    return [word[:LONGEST_WORD] for word in _ASCII_WORD.findall(text.lower().translate(_NO_APOSTROPHES))]


@lru_cache(maxsize=65536)
def number_of_word(word: str) -> int:
    """The number of a folded word's stem."""
    return number_of(stem(word))


@lru_cache(maxsize=65536)
def number_of(stemmed: str) -> int:
    """The number under which the index knows a stem: 48 bits of its BLAKE2b hash, so that nothing counts them out."""
    return int.from_bytes(hashlib.blake2b(stemmed.encode(), digest_size=6).digest())


_VOWELS = "aeiou"


def _consonant(word: str, at: int) -> bool:
    letter = word[at]
    if letter in _VOWELS:
        return False
    return letter != "y" or at == 0 or not _consonant(word, at - 1)


def _shape(word: str) -> str:
    """The word as c and v, each run once: [C](VC)^m[V] of the paper."""
    runs = "".join("c" if _consonant(word, at) else "v" for at in range(len(word)))
    return re.sub(r"(.)\1+", r"\1", runs)


def _measure(word: str) -> int:
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonant(word, len(word) - 1)


def _short(word: str) -> bool:
    """Ends consonant, vowel, consonant, and not in w, x or y: *o of the paper."""
    if len(word) < 3 or word[-1] in "wxy":
        return False
    last = len(word) - 1
    return _consonant(word, last) and not _consonant(word, last - 1) and _consonant(word, last - 2)


_SECOND = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_THIRD = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_FOURTH = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion",
    "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a folded word. Words with digits or other letters than English ones stay as they are."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    return _fifth(_fourth(_replaced(_replaced(_first(word), _SECOND), _THIRD)))


def _first(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        # Of the paper's step "s" goes always; here not behind u and i, so that lupus and sepsis stay words.
        word = word[:-1]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        rest = word.removesuffix(ending)
        if rest != word and _has_vowel(rest):
            word = rest
            if word.endswith(("at", "bl", "iz")):
                word += "e"
            elif _double(word) and word[-1] not in "lsz":
                word = word[:-1]
            elif _measure(word) == 1 and _short(word):
                word += "e"
            break
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return rest + other if _measure(rest) else word
    return word


def _fourth(word: str) -> str:
    for ending in _FOURTH:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            if _measure(rest) > 1 and (ending != "ion" or rest.endswith(("s", "t"))):
                return rest
            return word
    return word


def _fifth(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _short(rest)):
            word = rest
    if _double(word) and word.endswith("l") and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word


def _kin() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for line in _FAMILIES.strip().splitlines():
        stems = {stem(word) for word in line.split()}
        for one in stems:
            found.setdefault(one, set()).update(stems - {one})
    return {one: tuple(sorted(others)) for one, others in found.items()}


KIN = _kin()
"""Stems that ask for the same: everyday and professional words of questions. Glossaries hold terms; these are none."""
