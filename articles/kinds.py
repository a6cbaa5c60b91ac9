"""Kinds of answers: what an editor may make of one, and the text that a new answer of a kind begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.markup.guidance import GUIDE, guide
from articles.models import AnswerKind
from people.models import Role, User
from references.folding import tidy_line, tidy_text

MOST_SECTIONS = 30
LONGEST_GUIDANCE = 1000
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<words>.+)")


class Refused(Exception):
    """What may not be done with a kind; its text is one plain sentence. Nothing was changed."""


class Conflict(Exception):
    """Somebody changed the kind since this edit began. `current` is its newest state; the edit is not saved."""

    def __init__(self, current: AnswerKind) -> None:
        super().__init__(f"Version {current.version} was saved meanwhile.")
        self.current = current


def template_of(kind: AnswerKind) -> str:
    """The text that a new answer begins with: each section's heading, and its guidance on lines that are dropped."""
    return "\n\n".join(
        "\n\n".join([f"## {section['heading']}", *map(guide, filter(None, section["guidance"].split("\n")))])
        for section in kind.sections
    )


def sections_from(text: str) -> list[dict[str, str]]:
    """Sections as an editor writes them: a line `## Heading`, and guidance under it. Raises ValidationError."""
    sections: list[dict[str, str]] = []
    for line in tidy_text(text).split("\n"):
        heading = _HEADING.fullmatch(line)
        if heading:
            sections.append({"heading": heading["words"].rstrip("# "), "guidance": ""})
        elif line and not sections:
            raise ValidationError({"sections": [_("The first line must be a heading, as in “## The question”.")]})
        elif line:
            # Pasted from a text that was begun with a template.
            words = GUIDE.sub(lambda match: match[0].strip()[4:].lstrip()[6:].removesuffix("-->").strip(), line)
            last = sections[-1]
            last["guidance"] = f"{last['guidance']}\n{words}".strip()
    if len(sections) > MOST_SECTIONS:
        raise ValidationError({"sections": [_("At most %(limit)d sections fit.") % {"limit": MOST_SECTIONS}]})
    for section in sections:
        if len(section["heading"]) > 120 or len(section["guidance"]) > LONGEST_GUIDANCE:
            raise ValidationError(
                {
                    "sections": [
                        _("The section “%(heading)s” is too long: at most 120 characters, and %(n)d of guidance, fit.")
                        % {"heading": section["heading"][:40], "n": LONGEST_GUIDANCE}
                    ]
                }
            )
    return sections


def sections_to(sections: Sequence[dict[str, str]]) -> str:
    """Sections as an editor reads and writes them."""
    return "\n\n".join(f"## {section['heading']}\n{section['guidance']}".strip() for section in sections)


def save(
    kind: AnswerKind, *, by: User, base_version: int, comment: str = "", sections: str | None = None, **fields: Any
) -> AnswerKind:
    """Save a kind, new or changed, as a version. Only for editors. Texts that were begun with it stay as they are.

    `fields` are name, description, position and is_offered. A new kind gets its slug from its name, for good. Raises
    Refused, ValidationError with sentences by field, and Conflict on an older base.
    """
    if Role.EDITOR.value not in by.roles():
        raise Refused(_("Only an editor changes the kinds of answers."))
    found = sections_from(sections) if sections is not None else None
    with transaction.atomic(), reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment((comment or (_("Changed") if kind.pk else _("Added")))[:2000])
        row = AnswerKind.objects.select_for_update().get(pk=kind.pk) if kind.pk else kind
        if row.version != base_version:
            raise Conflict(row)
        for name, value in fields.items():
            setattr(row, name, tidy_line(value) if isinstance(value, str) else value)
        if found is not None:
            row.sections = found
        _validate(row)
        if not row.pk:
            row.slug = slugify(row.name)[:60]
            if not row.slug or AnswerKind.objects.filter(slug=row.slug).exists():
                raise ValidationError({"name": [_("Another kind has this name, or had it once.")]})
        row.version += 1
        row.updated_at = timezone.now()
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise ValidationError({"name": [_("Another kind has this name, or had it once.")]}) from None
    return row


def _validate(row: AnswerKind) -> None:
    errors: dict[str, list[str]] = {}
    if not row.name:
        errors["name"] = [_("Give the kind a name.")]
    for name in ("name", "description"):
        limit = cast(int, cast(Field, AnswerKind._meta.get_field(name)).max_length)
        if len(getattr(row, name)) > limit:
            errors[name] = [_("At most %(limit)d characters fit.") % {"limit": limit}]
    if errors:
        raise ValidationError(errors)
