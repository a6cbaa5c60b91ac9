"""The sample accounts: for a site that only this machine can reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from people.models import Role

PASSWORD = "sample only, not secret"  # noqa: S105 - printed at each start, and refused on any public host


@dataclass(frozen=True)
class SamplePerson:
    email: str
    name: str
    what: str
    roles: tuple[Role, ...]
    fields: dict[str, str] = field(default_factory=dict)
    interests: dict[str, str] = field(default_factory=dict)
    """What they declare, by category; nothing where it is empty."""


AUTHOR = SamplePerson(
    "author@imprimatur.example",
    "Alma Reyes",
    "author",
    (Role.AUTHOR,),
    {"credentials": "MD, MPH", "specialty": "Internal medicine", "institution": "Sample University Hospital"},
)
FIRST_MEMBER = SamplePerson(
    "board1@imprimatur.example",
    "Jonas Weber",
    "board member",
    (Role.BOARD_MEMBER,),
    {
        "credentials": "MD, PhD",
        "specialty": "Cardiology",
        "institution": "Sample Heart Centre",
    },
)
SECOND_MEMBER = SamplePerson(
    "board2@imprimatur.example",
    "Mei Tanaka",
    "board member",
    (Role.BOARD_MEMBER,),
    {
        "credentials": "PharmD",
        "specialty": "Clinical pharmacy",
        "institution": "Sample Medicines Institute",
    },
    {"speaking": "Lecture fee from a sample society, 2025."},
)
EDITOR = SamplePerson("editor@imprimatur.example", "Nora Lind", "editor", (Role.EDITOR,), {"institution": "Imprimatur"})
CHIEF_EDITOR = SamplePerson(
    "chief@imprimatur.example", "Elin Bergström", "chief editor", (Role.CHIEF_EDITOR,), {"institution": "Imprimatur"}
)
ADMINISTRATOR = SamplePerson(
    "admin@imprimatur.example", "Sam Okoro", "administrator", (Role.ADMINISTRATOR,), {"institution": "Imprimatur"}
)
PEOPLE = (AUTHOR, FIRST_MEMBER, SECOND_MEMBER, EDITOR, CHIEF_EDITOR, ADMINISTRATOR)
