"""Typed reading of the environment: each helper fails with a sentence that names the variable."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable's text without surrounding space, or `default` where it is not set."""
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """True or false from 1/true/yes/on and 0/false/no/off; ImproperlyConfigured on anything else."""
    word = text(name, "1" if default else "0").lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {word!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number; ImproperlyConfigured when the text is none."""
    word = text(name, str(default))
    try:
        return int(word)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {word!r}: write a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """A list from comma-separated words; empty ones are left out."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, words: tuple[str, ...]) -> str:
    """One of the words; ImproperlyConfigured on anything else."""
    word = text(name, default).lower()
    if word not in words:
        raise ImproperlyConfigured(f"{name} is {word!r}: write one of {', '.join(words)}.")
    return word
