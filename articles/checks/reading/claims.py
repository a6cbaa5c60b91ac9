"""Which sentences claim something that a source has to bear: a number of evidence, or a statement of effect, risk,
frequency, cause or what to do. Questions, headings, pointers within the answer and advice to talk with somebody do not.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NUMERIC = re.compile(
    r"\d\s?%|\bper\s?cent\b|\d\s*(?:mg|mcg|µg|g|kg|mL|ml|mmol|mm\s?Hg|IU)\b|\bp\s*[<=>≤]|\bCI\b|[<>≤≥]\s*\d"
    r"|\bn\s*=\s*\d|\d\s+(?:in|of|out of)\s+(?:every\s+)?\d|\d\.\d|\d[\d,]*\s+(?:\w+\s+){0,2}(?:people"
    r"|patients|participants|adults|children|women|men|trials|studies|cases|deaths|events|infants|births|individuals|subjects)"
    r"|\b\d+[- ]?fold\b|\d\s*(?:days?|weeks?|months?|hours?)\b",
    re.IGNORECASE,
)
_FACTUAL = re.compile(
    r"\b(?:safe|reduc|increas|decreas|improv|worsen|lower|rais|prevent|caus|affect|result(?:s|ed) in|lead(?:s|ing)? to"
    r"|led to|associated|linked (?:to|with)|risk|effective|ineffective|efficac|superior|inferior|better|worse|higher"
    r"|fewer"
    r"|more (?:\w+ )?(?:than|likely|common|often)|less (?:\w+ )?(?:than|likely|common|often)|recommend|contraindicat"
    r"|first[- ]line|benefi|harm|mortality|surviv|significan|show(?:s|n|ed)|found|suggest|demonstrat|no difference"
    r"|occur|common|rare|usual|most (?:people|patients|cases|of)|due to|inherited|mutation|gene\b|genes\b|diagnos"
    r"|treat|symptoms?|prognosis|outcome|should|must|never|always|cannot|contribut|produc|develop|include|involve"
    r"|resist|toxic|adverse|side effects?|evidence|trials?|studies|guideline)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|may|might|should|must|will|would|could|cannot"
    r"|\w{3,}(?:s|ed|es)|show|cause|lead|affect|occur|help|make|give|take|include|produce|prevent|contain)\b",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"(?:check|arrange|discuss|explain|record|document|see|read|ask|talk|call|tell|contact|click|visit"
    r"|consider asking|speak|write|go to|look|use this|you can use"
    r"|for (?:more|information)|(?:more )?information (?:about|on)"
    r"|this (?:answer|page|section|question|review|table|study (?:aimed|was)|summary)"
    r"|we (?:searched|looked|included|aimed|sought|set out|did not|asked)|the (?:aim|purpose|objective|goal|question)s?"
    r"\b|to (?:determine|assess|evaluate|examine|investigate|compare|test|explore|study|describe|identify)\b|below"
    r"|above"
    r"|table \d|figure \d|note that this|what|how|why|when|which|who|if you (?:have|need|want) (?:more )?questions"
    r"|the (?:table|figure|list|sections?) |words are)\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"\b(?:include|includes|are|is|on|by|to|with|as|of|for|the|following|may|can)$", re.IGNORECASE)
"""The last word of what is only the beginning of a list."""
_FEWEST_WORDS = 3


@lru_cache(maxsize=10_000)
def is_claim(sentence: str) -> bool:
    """Whether a sentence, given as its words without marks, claims something that a source has to bear."""
    if sentence.endswith(("?", "?)", "?”", ":")) or _NO_CLAIM.match(sentence) or _LEADS_ON.search(sentence):
        return False
    words = sentence.split()
    if is_numeric(sentence) and len(words) >= 3:
        return True
    # What no full stop ends, or no capital begins, is a piece of a list; its figures were looked at above.
    is_whole = sentence.endswith((".", "!", ".”", ".)")) and not sentence[0].islower()
    return is_whole and len(words) >= _FEWEST_WORDS and bool(_VERB.search(sentence) and _FACTUAL.search(sentence))


def is_numeric(sentence: str) -> bool:
    return _NUMERIC.search(sentence) is not None
