"""What to do in an emergency, by country: the default text of each page's footer, and whom to call in a crisis.

Numbers are the national emergency numbers as published by the European Commission (112) and each country's government;
the lines for people who think of suicide are those that its health service names. For the European Union as a whole
none is named: 116 123 does not answer in each of its countries, nor everywhere by night.
"""

from __future__ import annotations

NUMBERS: dict[str, tuple[str, str]] = {
    "": ("International", ""),
    "AU": ("Australia", "000"),
    "CA": ("Canada", "911"),
    "EU": ("European Union", "112"),
    "GB": ("United Kingdom", "999"),
    "IE": ("Ireland", "112 or 999"),
    "IN": ("India", "112"),
    "NZ": ("New Zealand", "111"),
    "US": ("United States", "911"),
}


def text_for(country: str) -> str:
    """The sentence for a country code of `NUMBERS`; a general one where there is no number to name."""
    number = NUMBERS.get(country, NUMBERS[""])[1]
    call = f"call {number} now" if number else "call your local emergency number now"
    return f"In an emergency {call}. Do not wait for an answer on this site."


CRISIS_LINES: dict[str, str] = {
    "AU": "Lifeline on 13 11 14",
    "CA": "988",
    "GB": "Samaritans on 116 123",
    "IE": "Samaritans on 116 123",
    "IN": "Tele-MANAS on 14416",
    "NZ": "1737",
    "US": "988",
}
"""Where somebody listens by day and night, free of charge (in Australia from mobile telephones)."""


def crisis_text_for(country: str) -> str:
    """What somebody in despair can do at once; without a number where the country names none."""
    line = CRISIS_LINES.get(country)
    call = f"call {line}: somebody listens, day and night" if line else "call a crisis line of your country"
    return f"If you think of ending your life, or fear that somebody else might, {call}. You are not alone with it."
