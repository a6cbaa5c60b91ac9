"""What a register said of a work's versions, kept with the form from the look-up until the work is saved.

Sealed, so that what is stored as a register's word is one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

from references.identity import relations
from references.identity.relations import Relative
from references.models import Reference, Relation

_SALT = "desk.library.relatives"
_KEPT = 24 * 60 * 60


def sealed(doi: str | None, relatives: Iterable[Relative], register: str) -> str:
    """The relatives of the work with this DOI as a text for a hidden field; empty where there are none."""
    told = [[each.kind.value, each.doi] for each in relatives]
    return signing.dumps([doi, register, told], salt=_SALT, compress=True) if doi and told else ""


def store_sealed(text: str, work: Reference) -> int:
    """Keep what `sealed` holds, where the saved work bears the DOI of which it was said. Returns how many are new."""
    try:
        doi, register, told = signing.loads(text, salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        return 0
    if doi != work.doi:
        return 0
    return relations.store(work, [Relative(Relation.Kind(kind), other) for kind, other in told], register)
