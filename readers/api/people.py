"""The medical advisory board for programs: what its page says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from people.models import User
from readers.about import board_people


def board() -> dict[str, Any]:
    """The shape `Board`."""
    members, former = board_people()
    return {"members": [_member(one) for one in members], "former": [_person(one) for one in former]}


def _person(person: User) -> dict[str, Any]:
    return {
        "name": person.name,
        "credentials": person.credentials,
        "specialty": person.specialty,
        "terms": [{"begins": one.starts_on, "ends": one.ends_on} for one in person.terms],  # type: ignore[attr-defined]
        "answers_reviewed": person.reviewed,  # type: ignore[attr-defined]
        "is_sample": person.is_sample,
    }


def _member(person: User) -> dict[str, Any]:
    declared = next(iter(person.declarations.all()), None)
    return _person(person) | {
        "institution": person.institution,
        "orcid": person.orcid,
        "interests": (declared.sentence or _("Nothing to declare.")) if declared else None,
        "declared_on": declared.at.date() if declared else None,
    }
