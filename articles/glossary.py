"""The glossary's rules: who proposes and decides, what a term may hold, and which terms may occur in a text.

Each change is a version of the term, with its author and comment. A change of what texts explain raises the version
of the whole glossary, which every edition names; editions that were frozen before keep their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import reversion
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.markup import glossary as matching
from articles.models import Article, Glossary, Spelling, Term
from people.models import Kind, Role, User
from people.notifying import notify
from references.folding import quoted, tidy_line, tidy_text

WORDS = ("term", "plain", "definition", "variants")
"""What a term says; the rest of its fields is about its standing."""
MOST_VARIANTS = 40
LOOKED_UP = 900
"""Words that one query asks for."""


class Refused(Exception):
    """What may not be done with a term; its text is one plain sentence. Nothing was changed."""


class Conflict(Exception):
    """Somebody changed the term since this edit began. `current` is its newest state; the edit is not saved."""

    def __init__(self, current: Term) -> None:
        super().__init__(f"Version {current.version} was saved meanwhile.")
        self.current = current


def version() -> int:
    """The version of the glossary as it stands; 0 where there never was a term."""
    return Glossary.objects.filter(pk=1).values_list("version", flat=True).first() or 0


def terms_in(*texts: str) -> tuple[int, tuple[matching.Term, ...]]:
    """The glossary's version, and the terms in force that may occur in these texts: a superset, in a stable order.

    Both are of one moment: they are read again where the glossary changed in between.
    """
    words = sorted(set().union(*map(matching.first_words, texts)))
    while True:
        before = version()
        terms = _read(words) if before else ()
        if version() == before:
            return before, terms


def _read(words: Sequence[str]) -> tuple[matching.Term, ...]:
    found: set[int] = set()
    for start in range(0, len(words), LOOKED_UP):
        rows = Spelling.objects.filter(first__in=words[start : start + LOOKED_UP])
        found.update(rows.values_list("term", flat=True))
    # By their ids, so that the same text gives the same bytes; overlaps are decided by length alone.
    return tuple(map(as_matched, Term.objects.in_force().filter(pk__in=found).order_by("pk")))


def as_matched(term: Term) -> matching.Term:
    """A term as plain data, for matching and for the rendering child."""
    return matching.Term(term.pk, term.version, term.term, term.plain, tuple(term.variants))


def refusal(move: str, term: Term, *, by: User) -> str | None:
    """Why `by` may not "change", "accept", "decline", "retire" or "take-back" a term; None where they may."""
    if Role.EDITOR not in by.roles():
        return _("Only an editor changes the glossary.")
    allowed = {
        "change": {Term.State.PROPOSED, Term.State.IN_FORCE},
        "accept": {Term.State.PROPOSED},
        "decline": {Term.State.PROPOSED},
        "retire": {Term.State.IN_FORCE},
        "take-back": {Term.State.RETIRED, Term.State.DECLINED},
    }
    if term.state not in allowed[move]:
        return _("The term is %(state)s.") % {"state": term.get_state_display()}
    return None


def propose(
    *,
    by: User,
    term: str,
    plain: str,
    definition: str = "",
    variants: Iterable[str] = (),
    note: str = "",
    article: Article | None = None,
) -> Term:
    """Put a term on the editors' list. It explains nothing until an editor accepts it. Raises ValidationError."""
    row = Term(proposed_by=by, article=article, note=tidy_text(note))
    _fill(row, term=term, plain=plain, definition=definition, variants=variants)
    with transaction.atomic(), _revision(by, _("Proposed")):
        _lock()
        _refuse_clashes(row)
        waiting = Term.objects.proposed().filter(term__iexact=row.term).first()
        if waiting:
            raise ValidationError({"term": [_("This term is proposed already, and waits for an editor.")]})
        return _store(row)


def add(
    *, by: User, term: str, plain: str, definition: str = "", variants: Iterable[str] = (), comment: str = ""
) -> Term:
    """Put a term in force at once. Only for editors. Raises ValidationError and Refused."""
    row = Term(proposed_by=by)
    if sentence := refusal("change", row, by=by):
        raise Refused(sentence)
    _fill(row, term=term, plain=plain, definition=definition, variants=variants)
    with transaction.atomic(), _revision(by, comment or _("Added")):
        _lock()
        _decide(row, Term.State.IN_FORCE, by)
        return _put_in_force(row)


def change(
    changed: Term, /, *, by: User, base_version: int, comment: str = "", accept: bool = False, **words: Any
) -> Term:
    """Save other `words` (see WORDS) of a term; with `accept`, put a proposed one in force with them.

    Raises ValidationError, Refused, and Conflict where the term was changed since `base_version`.
    """
    with transaction.atomic(), _revision(by, comment or (_("Accepted") if accept else _("Changed"))):
        row = _locked(changed, "accept" if accept else "change", by, base_version)
        _fill(row, **words)
        if accept:
            _decide(row, Term.State.IN_FORCE, by)
            _tell_proposer(row, by)
        return _put_in_force(row) if row.state == Term.State.IN_FORCE else _store(row)


def decline(term: Term, *, by: User, base_version: int, answer: str) -> Term:
    """Decline a proposal, with a sentence for whoever made it. Raises ValidationError, Refused and Conflict."""
    return _end(term, "decline", Term.State.DECLINED, by, base_version, answer, _("Declined"))


def retire(term: Term, *, by: User, base_version: int, answer: str = "") -> Term:
    """Explain the term no longer in editions to come. Raises Refused and Conflict."""
    return _end(term, "retire", Term.State.RETIRED, by, base_version, answer, _("Retired"))


def take_back(term: Term, *, by: User, base_version: int) -> Term:
    """Put a retired or declined term in force. Raises ValidationError where a spelling is taken, Refused, Conflict."""
    with transaction.atomic(), _revision(by, _("Put in force again")):
        row = _locked(term, "take-back", by, base_version)
        row.answer = ""
        _decide(row, Term.State.IN_FORCE, by)
        return _put_in_force(row)


def _end(term: Term, move: str, state: str, by: User, base_version: int, answer: str, comment: str) -> Term:
    answer = tidy_line(answer)
    if state == Term.State.DECLINED and not answer:
        raise ValidationError({"answer": [_("Say in a sentence why: whoever proposed it reads it.")]})
    if len(answer) > cast(int, Term._meta.get_field("answer").max_length):
        raise ValidationError({"answer": [_("This is too long: say it in a sentence.")]})
    with transaction.atomic(), _revision(by, f"{comment}: {answer}" if answer else comment):
        row = _locked(term, move, by, base_version)
        row.answer = answer
        _decide(row, state, by)
        Spelling.objects.filter(term=row).delete()
        if state == Term.State.RETIRED:
            _raise_version()
        else:
            _tell_proposer(row, by)
        return _store(row)


def _tell_proposer(row: Term, by: User) -> None:
    """Tell whoever proposed the term what an editor decided, with the editor's sentence."""
    if row.proposed_by_id == by.pk:
        return
    is_in_force = row.state == Term.State.IN_FORCE
    names = {"by": by, "term": row.term}
    notify(
        [row.proposed_by],
        kind=Kind.TERM,
        about=f"term:{row.pk}:{row.version}",
        sentence=(
            _("%(by)s took the term “%(term)s” that you proposed into the glossary.")
            if is_in_force
            else _("%(by)s declined the term “%(term)s” that you proposed for the glossary.")
        )
        % names,
        address=reverse("desk:term", args=[row.pk]),
        subject=_("Glossary: %(term)s") % names,
        detail=row.answer,
    )


def _fill(row: Term, **words: Any) -> None:
    """Write words into the term, tidied. Raises ValidationError with sentences by field."""
    if "variants" in words:
        row.variants = list(dict.fromkeys(filter(None, map(tidy_line, words["variants"]))))
    for name in ("term", "plain"):
        if name in words:
            setattr(row, name, tidy_line(words[name]))
    if "definition" in words:
        row.definition = tidy_text(words["definition"])
    row.variants = [one for one in row.variants if matching.normal(one) != matching.normal(row.term)]
    errors: dict[str, list[str]] = {}
    if not matching.first_word(row.term):
        errors["term"] = [_("Write the term as texts have it.")]
    if not row.plain:
        errors["plain"] = [_("Say it in plain words: a few that fit in brackets behind the term.")]
    elif matching.folded(row.plain) == matching.folded(row.term):
        errors["plain"] = [_("These are the words of the term itself. Say it in words that everybody knows.")]
    for name in ("term", "plain", "definition", "note"):
        limit = cast(int, cast(Field, Term._meta.get_field(name)).max_length)
        if len(getattr(row, name)) > limit:
            errors.setdefault(name, []).append(_("At most %(limit)d characters fit.") % {"limit": limit})
    longest = cast(int, Term._meta.get_field("term").max_length)
    if any(len(one) > longest or not matching.first_word(one) for one in row.variants):
        errors["variants"] = [
            _("A spelling has at least one letter or digit, and at most %(limit)d characters.") % {"limit": longest}
        ]
    elif len(row.variants) > MOST_VARIANTS:
        errors["variants"] = [_("At most %(limit)d spellings fit.") % {"limit": MOST_VARIANTS}]
    if errors:
        raise ValidationError(errors)


def _refuse_clashes(row: Term) -> None:
    """Raise ValidationError where a spelling of the term belongs to another one in force."""
    wanted = {matching.normal(one): one for one in (row.term, *row.variants)}
    taken = Spelling.objects.filter(normal__in=wanted).exclude(term=row.pk).select_related("term").first()
    if taken:
        raise ValidationError(
            {
                "term" if wanted[taken.normal] == row.term else "variants": [
                    _("%(spelling)s is in the glossary already: as the term %(term)s, explained as %(plain)s.")
                    % {
                        "spelling": quoted(wanted[taken.normal]),
                        "term": quoted(taken.term.term),
                        "plain": quoted(taken.term.plain, 200),
                    }
                ]
            }
        )


def _put_in_force(row: Term) -> Term:
    _refuse_clashes(row)
    _store(row)
    Spelling.objects.filter(term=row).delete()
    spelled = {matching.normal(one): one for one in reversed((row.term, *row.variants))}
    Spelling.objects.bulk_create(
        Spelling(term=row, written=one, normal=normal, first=matching.first_word(one))
        for normal, one in sorted(spelled.items())
    )
    _raise_version()
    return row


def _store(row: Term) -> Term:
    row.version += 1
    row.updated_at = timezone.now()
    row.save()
    return row


def _decide(row: Term, state: str, by: User) -> None:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()


def _lock() -> Glossary:
    """The glossary's row, locked: one change at a time, so that no two terms take one spelling."""
    Glossary.objects.get_or_create(pk=1)
    return Glossary.objects.select_for_update().get(pk=1)


def _locked(term: Term, move: str, by: User, base_version: int) -> Term:
    _lock()
    row = Term.objects.select_for_update().get(pk=term.pk)
    if sentence := refusal(move, row, by=by):
        raise Refused(sentence)
    if row.version != base_version:
        raise Conflict(row)
    return row


def _raise_version() -> None:
    whole = _lock()
    whole.version += 1
    whole.save(update_fields=["version"])


class _revision:
    """A revision of the given person and comment."""

    def __init__(self, by: User, comment: str) -> None:
        self.by, self.comment = by, comment
        self.context = reversion.create_revision()

    def __enter__(self) -> None:
        self.context.__enter__()
        reversion.set_user(self.by)
        reversion.set_comment(self.comment[:2000])

    def __exit__(self, *error: Any) -> Any:
        return self.context.__exit__(*error)
