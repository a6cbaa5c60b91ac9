"""Versions of a work: a preprint and what was published of it, version 1 and version 2; who said so, and in words.

Only what a register says is taken: that two DOIs look alike says nothing. Each row reads “`reference` is … of `doi`”.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from references.folding import quoted
from references.identity.identifiers import url_of_doi
from references.models import Alias, Reference, Relation

PREPRINT_OF, PUBLISHED_FROM = Relation.Kind.PREPRINT_OF, Relation.Kind.PUBLISHED_FROM
OLDER_VERSION_OF, NEWER_VERSION_OF = Relation.Kind.OLDER_VERSION_OF, Relation.Kind.NEWER_VERSION_OF
VERSION_OF, IDENTICAL_TO = Relation.Kind.VERSION_OF, Relation.Kind.IDENTICAL_TO

_SEEN_FROM_THERE = {
    PREPRINT_OF: PUBLISHED_FROM,
    PUBLISHED_FROM: PREPRINT_OF,
    OLDER_VERSION_OF: NEWER_VERSION_OF,
    NEWER_VERSION_OF: OLDER_VERSION_OF,
    VERSION_OF: VERSION_OF,
    IDENTICAL_TO: IDENTICAL_TO,
}
_ORDER = [PREPRINT_OF, OLDER_VERSION_OF, PUBLISHED_FROM, NEWER_VERSION_OF, VERSION_OF, IDENTICAL_TO]
_AT_ONCE = 500


@dataclass(frozen=True)
class Relative:
    """What a register says of a work: it is `kind` of the work with this DOI."""

    kind: Relation.Kind
    doi: str

    @property
    def sentence(self) -> str:
        """The same in words: “Published as 10.1000/182.”"""
        return _sentence(self.kind, self.doi)


@dataclass(frozen=True)
class Said:
    """A relative of a work of the library, in words; `work` is its row where the library has it."""

    kind: Relation.Kind
    doi: str
    work: Reference | None
    source: str

    @property
    def sentence(self) -> str:
        name = f"{quoted(self.work.title, most=120)} (@{self.work.key})" if self.work else f"doi:{self.doi}"
        return _sentence(self.kind, name)

    @property
    def url(self) -> str:
        """Where the other work is to be found."""
        return url_of_doi(self.doi)


def store(reference: Reference, relatives: Iterable[Relative], source: str) -> int:
    """Keep what a source says of a saved work, and return how many relations are new. The same twice is kept once.

    What a source no longer says stays: registers lose such links when they are rebuilt.
    """
    own = {reference.doi} | set(_former_dois(reference))
    wanted = {(each.kind, each.doi) for each in relatives if each.doi not in own}
    wanted -= {(Relation.Kind(kind), doi) for kind, doi in reference.relations.values_list("kind", "doi")}
    if not wanted:
        return 0
    rows = _rows({doi for _kind, doi in wanted})
    made = [
        Relation(reference=reference, kind=kind, doi=doi, other=rows.get(doi), source=source)
        for kind, doi in sorted(wanted)
        if rows.get(doi) != reference
    ]
    # Another process may have stored the same in the meantime.
    Relation.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def store_many(said: Iterable[tuple[Reference, Iterable[Relative], str]]) -> int:
    """The same for many saved works at once, each with its relatives and who names them. A few queries for each 500."""
    told = [(work, relative, source) for work, relatives, source in said for relative in relatives]
    count = 0
    for start in range(0, len(told), _AT_ONCE):
        chunk = told[start : start + _AT_ONCE]
        works = {work.pk for work, _relative, _source in chunk}
        aliases = Alias.objects.filter(scheme=Alias.Scheme.DOI, reference__in=works)
        former = set(aliases.values_list("reference", "value"))
        rows = _rows({relative.doi for _work, relative, _source in chunk})
        known = set(Relation.objects.filter(reference__in=works).values_list("reference", "kind", "doi"))
        made = {
            (work.pk, str(relative.kind), relative.doi): Relation(
                reference=work, kind=relative.kind, doi=relative.doi, other=rows.get(relative.doi), source=source
            )
            for work, relative, source in chunk
            if relative.doi != work.doi and (work.pk, relative.doi) not in former and rows.get(relative.doi) != work
        }
        new = [made[each] for each in sorted(made.keys() - known)]
        Relation.objects.bulk_create(new, ignore_conflicts=True)
        count += len(new)
    return count


def join(reference: Reference) -> int:
    """Lead what named this work's DOI before the library had it to its row; one query. To be called after a save."""
    if not reference.doi:
        return 0
    waiting = Relation.objects.filter(doi=reference.doi, other=None).exclude(reference=reference)
    return waiting.update(other=reference)


def join_all() -> int:
    """The same for the whole library at once, after an import: one query, however many works came."""
    row = Reference.objects.filter(doi=OuterRef("doi")).order_by().values("pk")[:1]
    found = Relation.objects.filter(other=None, doi__in=Reference.objects.filter(doi__isnull=False).values("doi"))
    return found.exclude(doi=F("reference__doi")).update(other=Subquery(row))


def relations_of(reference: Reference) -> list[Said]:
    """The relatives of a work, from what was said of it and of them; each once, what replaces it first. Two queries."""
    said: dict[tuple[Relation.Kind, str], Said] = {}
    for row in reference.relations.select_related("other"):
        kind = Relation.Kind(row.kind)
        said[kind, row.doi] = Said(kind, row.doi, row.other, row.source)
    named = Q(other=reference) | (Q(doi=reference.doi) if reference.doi else Q())
    for row in Relation.objects.filter(named).exclude(reference=reference).select_related("reference"):
        kind, doi = _SEEN_FROM_THERE[Relation.Kind(row.kind)], row.reference.doi or ""
        if doi:
            said.setdefault((kind, doi), Said(kind, doi, row.reference, row.source))
    return sorted(said.values(), key=lambda each: (_ORDER.index(each.kind), each.doi))


def published_version(reference: Reference) -> Said | None:
    """What was published of a preprint, or the newer version of a work, whichever is known; None where neither is."""
    newer = [each for each in relations_of(reference) if each.kind in {PREPRINT_OF, OLDER_VERSION_OF}]
    return newer[0] if newer else None


def _sentence(kind: Relation.Kind, name: str) -> str:
    told = {"work": name}
    if kind == PREPRINT_OF:
        return _("Published as %(work)s.") % told
    if kind == PUBLISHED_FROM:
        return _("First posted as the preprint %(work)s.") % told
    if kind == OLDER_VERSION_OF:
        return _("A newer version is %(work)s.") % told
    if kind == NEWER_VERSION_OF:
        return _("An older version is %(work)s.") % told
    if kind == IDENTICAL_TO:
        return _("The same work is registered as %(work)s, too.") % told
    return _("Another version is %(work)s.") % told


def _former_dois(reference: Reference) -> Iterable[str]:
    return reference.aliases.filter(scheme=Alias.Scheme.DOI).values_list("value", flat=True)


def _rows(dois: set[str]) -> dict[str, Reference]:
    """The library's rows of these DOIs, their own or aliases."""
    found = {row.doi: row for row in Reference.objects.filter(doi__in=dois).order_by() if row.doi}
    if missing := dois - found.keys():
        aliases = Alias.objects.filter(scheme=Alias.Scheme.DOI, value__in=missing).select_related("reference")
        found |= {alias.value: alias.reference for alias in aliases}
    return found
