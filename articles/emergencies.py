"""What to do in an emergency, by country: the default text of each page's footer.

Numbers are the national emergency numbers as published by the European Commission (112) and each country's government.
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
