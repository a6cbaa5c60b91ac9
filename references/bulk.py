"""Changes to several works at once: one revision, with a version of each work that changed."""

from __future__ import annotations

from collections.abc import Iterable

import reversion
from django.contrib.auth.models import AbstractBaseUser

from references.library import save_reference
from references.models import Reference

MOST = 500
"""Works that one change may touch, so that it ends within a request."""


def change_kind(works: Iterable[int], kind: str, *, by: AbstractBaseUser, comment: str) -> int:
    """Give works this kind and return how many did not have it. Works that are gone meanwhile are left out.

    Raises ValidationError for an unknown kind, and for a work that can't be saved; then nothing is changed.
    """
    rows = Reference.objects.filter(pk__in=sorted(set(works))[:MOST]).exclude(kind=kind).order_by("pk")
    with reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(comment)
        changed = list(rows.select_for_update())
        for work in changed:
            work.kind = kind
            save_reference(work, by=by, comment=comment)
    return len(changed)
