"""How old a work may be before somebody should ask whether a newer one stands in its place, by kind.

The rule: a work is old for its kind where more calendar years lie between its year and this year than the table allows.
A work without a year, or of a kind that the table leaves out, is never old: nobody can say, or age takes nothing away
(a case report stays what it was). The numbers are a prompt, not a verdict: guideline programmes look again within three
to five years (NICE and WHO review theirs within five), half of systematic reviews were out of date within five and a
half years (Shojania and others, Ann Intern Med 2007;147:224-33), and labels and coverage policies change with a
licence or a contract year. What to do about an old work the editors decide; to change a limit is to change this table.
"""

from __future__ import annotations

from django.db.models import Case, F, Q, Value, When
from django.db.models.lookups import LessThan

from references.models import Kind, Reference

LIMITS: dict[str, int] = {
    Kind.GUIDELINE.value: 5,
    Kind.GUIDELINE_SUMMARY.value: 3,
    Kind.SYSTEMATIC_REVIEW.value: 5,
    Kind.NARRATIVE_REVIEW.value: 5,
    Kind.DRUG_LABEL.value: 2,
    Kind.COVERAGE_POLICY.value: 1,
    Kind.WEB_PAGE.value: 2,
    Kind.OWN_ANSWER.value: 3,
    Kind.BOOK.value: 10,
}
"""Years, by kind."""


def is_old(reference: Reference, this_year: int) -> bool:
    """Whether the work is old for its kind, in this year."""
    limit = LIMITS.get(reference.kind)
    return limit is not None and reference.year is not None and this_year - reference.year > limit


def old(this_year: int) -> Q:
    """The condition for works that are old for their kind: `Reference.objects.filter(old(2026))`.

    One expression, so that a database reads a list in its order: half a library may be old, and no index finds half.
    """
    oldest = Case(*(When(kind=kind, then=Value(this_year - limit)) for kind, limit in LIMITS.items()))
    return Q(LessThan(F("year"), oldest))
