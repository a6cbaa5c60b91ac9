"""What cannot wait for an answer, and what can."""

from __future__ import annotations

import pytest

from articles.emergencies import CRISIS_LINES, NUMBERS, crisis_text_for
from readers.urgent import CRISIS, EMERGENCY, urgent


@pytest.mark.parametrize(
    "text",
    [
        "I have chest pain right now and my arm is numb. Should I take aspirin?",
        "my husband has sudden chest pressure",
        "I can't breathe since this morning",
        "He took too many paracetamol, what do I do",
        "How is an overdose of digoxin treated?",
        "My baby is not breathing",
        "She collapsed and won’t wake up",
        "my mum's face is drooping and slurred speech",
        "he swallowed batteries",
    ],
)
def test_an_emergency(text: str):
    assert urgent(text) == {EMERGENCY}


@pytest.mark.parametrize(
    "text", ["I want to die.", "Does montelukast cause suicidal thoughts?", "thinking of ending my life", "self-harm"]
)
def test_despair(text: str):
    assert urgent(text) == {EMERGENCY, CRISIS}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Is chest pain a side effect of statins?",
        "Does iron interact with levothyroxine?",
        "Which drugs prevent a heart attack in diabetes?",
        "How long after a stroke should aspirin be given?",
        "I have had a cough since Monday. What about breathing exercises?",
        "Is it fit for purpose?",
        "I read about chest pain. Is aspirin safe now?",
    ],
)
def test_what_can_wait(text: str):
    assert urgent(text) == frozenset()


def test_every_country_has_whom_to_call():
    # None answers by day and night in each country of the European Union.
    assert CRISIS_LINES.keys() == NUMBERS.keys() - {"", "EU"}
    for country in NUMBERS:
        assert CRISIS_LINES.get(country, "a crisis line") in crisis_text_for(country)
