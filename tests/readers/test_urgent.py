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
        "i can't breath",
        "I cant breathe",
        "my mum has took to many pills",
        "I took 40 tylenol",
        "he has taken a whole bottle of aspirin",
        "chest is tight and my arm hurts",
        "my husband has crushing chest pains",
        "Am I having a heart attack?",
        "My wife can not wake up",
        "I can’t wake her",
        "hes not breathing",
        "his lips are turning blue",
        "severe allergic reaction, throat swelling",
        "stroke signs face drooping",
        "the cut won't stop bleeding",
        "accidental double dose of warfarin",
        "I drank antifreeze",
        "my toddler ate some of grandma's tablets",
    ],
)
def test_an_emergency(text: str):
    assert urgent(text) == {EMERGENCY}


@pytest.mark.parametrize(
    "text",
    [
        "I want to die.",
        "Does montelukast cause suicidal thoughts?",
        "thinking of ending my life",
        "self-harm",
        "I feel sucidal",
        "i dont want to be here anymore",
        "I do not want to live",
        "thinking of harming myself",
        "my daughter is cutting herself",
        "she tried to hang herself",
        "everyone would be better off without me",
    ],
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
        "I took 10 mg of lisinopril and 81 mg of aspirin",
        "She has trouble swallowing pills",
        "I can't breathe through my nose",
        "It took 20 minutes. Is that normal?",
        "Can I eat mushrooms while on warfarin?",
        "What does a shortness of breath score measure?",
    ],
)
def test_what_can_wait(text: str):
    assert urgent(text) == frozenset()


def test_every_country_has_whom_to_call():
    # None answers by day and night in each country of the European Union.
    assert CRISIS_LINES.keys() == NUMBERS.keys() - {"", "EU"}
    for country in NUMBERS:
        assert CRISIS_LINES.get(country, "a crisis line") in crisis_text_for(country)
