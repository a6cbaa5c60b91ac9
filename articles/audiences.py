"""The seven kinds of reader and the two registers in which we speak to them.

Free of Django, so that the rendering child can import it. Labels are English source texts; templates translate them.
"""

from __future__ import annotations

from dataclasses import dataclass

PROFESSIONAL = "professional"
PLAIN = "plain"
REGISTERS = (PROFESSIONAL, PLAIN)

GENERAL = "general"
"""Stands for a reader who has not said who they are: the text of the bare address."""


@dataclass(frozen=True)
class Audience:
    """One kind of reader: `slug` in addresses and in texts, `label` to choose by, `adapted` as in "adapted for …"."""

    slug: str
    label: str
    adapted: str
    register: str


AUDIENCES: tuple[Audience, ...] = (
    Audience("physician", "Physician", "physicians", PROFESSIONAL),
    Audience(
        "np-pa",
        "Nurse practitioner or physician assistant",
        "nurse practitioners and physician assistants",
        PROFESSIONAL,
    ),
    Audience("nurse", "Nurse", "nurses", PROFESSIONAL),
    Audience("pharmacist", "Pharmacist", "pharmacists", PROFESSIONAL),
    Audience("student", "Student or trainee", "students and trainees", PROFESSIONAL),
    Audience("patient", "Patient or family", "patients and families", PLAIN),
    Audience("other", "Other reader", "other readers", PLAIN),
)

BY_SLUG: dict[str, Audience] = {audience.slug: audience for audience in AUDIENCES}


def register_of(slug: str) -> str:
    """The register of an audience; a general reader (`general` or the empty word) is spoken to professionally."""
    audience = BY_SLUG.get(slug)
    return audience.register if audience else PROFESSIONAL
