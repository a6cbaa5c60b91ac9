"""Cited works against which something is known: retracted, doubted and superseded ones ask for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from articles.checks.finding import JUSTIFY, WARNS, Finding
from articles.checks.view import View
from articles.flagged import ASKS
from references.models import Reference, Status


def check(view: View) -> Iterator[Finding]:
    for work in view.works:
        if work.status != Status.CURRENT:
            severity = JUSTIFY if work.status in ASKS else WARNS
            place = view.use_of(work.key)
            yield replace(place, code="flagged-work", message=_flag(work), severity=severity, work=work.key)


def _flag(work: Reference) -> str:
    named = {"key": work.key, "status": work.get_status_display()}
    if work.status == Status.CONCERN:
        sentence = _("An expression of concern was published about the work @%(key)s.") % named
    else:
        sentence = _("The work @%(key)s is %(status)s.") % named
    if work.status in ASKS:
        sentence += " " + _("A submission has to say why it is cited all the same.")
    return sentence
