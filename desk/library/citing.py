"""A work that an author wants to cite by its DOI or PMID: looked up, added to the library, and cited in one step."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from desk.library.lookup import is_within
from desk.library.showing import citation_of
from people.models import User
from references import library
from references.lookup import service
from references.lookup.service import Found, Unreadable
from references.models import Reference
from references.web.client import WebError
from references.works import Work

NAMED = ("doi", "pmid", "pmcid", "isbn")
"""What names one work, and not several that may be meant."""


def cite(request: HttpRequest) -> JsonResponse:
    """POST `text`, a DOI, PMID, PMCID or ISBN in any form: `citation` to put in, and a `sentence` on what was done.

    422 with the sentence alone where there is nothing to cite, 429 for too many look-ups.
    """
    person = request.user
    if not isinstance(person, User):
        raise PermissionDenied
    text = request.POST.get("text", "")
    try:
        asked = service.recognised(text)
    except Unreadable as error:
        return _refused(str(error))
    if asked.scheme not in NAMED:
        return _refused(_("Only a DOI, PMID, PMCID or ISBN can be cited at once. Search the library for other words."))
    named = Work(title="")
    setattr(named, asked.scheme, asked.value)
    if match := library.match(named):
        return _cited(match.reference, _here(match.reference))
    if not is_within(person):
        return _refused(_("Those were many look-ups in a short time: try again in a few minutes."), status=429)
    try:
        answer = service.look_up(text)
    except (Unreadable, WebError) as error:
        return _refused(str(error))
    if not isinstance(answer, Found):
        return _refused(_("Several works have this ISBN: add the one that you mean in the library."))
    return _added(answer, by=person)


def _added(found: Found, *, by: User) -> JsonResponse:
    """Take the work into the library, unless it is there under another of its names."""
    comment = _("Looked up at %(source)s to be cited.") % {"source": found.source}
    outcome = library.add_works([found.work], by=by, comment=comment, rename_keys=True)
    if outcome.refused:
        return _refused(
            _("%(source)s knows this work, but it could not be added: %(why)s")
            % {"source": found.source, "why": outcome.refused[0].message}
        )
    if outcome.found:
        work = outcome.found[0].match.reference
        return _cited(work, _here(work))
    work = outcome.added[0]
    said = [
        _("Added to the library from %(source)s: %(work)s.") % {"source": found.source, "work": library.named(work)},
        *found.notes,
    ]
    return _cited(work, " ".join(said))


def _here(work: Reference) -> str:
    sentence = _("In the library already: %(work)s.") % {"work": library.named(work)}
    if work.status != "current":
        sentence += " " + _("It is flagged: %(flag)s.") % {"flag": work.get_status_display()}
    return sentence


def _cited(work: Reference, sentence: str) -> JsonResponse:
    return JsonResponse({"citation": citation_of(work.key), "sentence": sentence})


def _refused(sentence: str, *, status: int = 422) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)
