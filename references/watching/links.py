"""Links: whether a work's address still leads somewhere. HEAD first, then GET, politely, by the one client.

Broken is only what a host itself says is not there (404, 410). Everything else that brings no page (no answer, trouble,
a door that is closed to machines) could not be checked.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from references.watching.answers import CLEAR, FAILED, FLAGGED, Told
from references.web import client


def ask(url: str, *, until: float | None = None, patience: float = client.PATIENT) -> Told:
    """Ask whether an address is there. Raises client.Busy where our turn at the host is too far off."""
    try:
        answer = client.get(url, kind="link", method="HEAD", until=until, patience=patience)
        if answer.status < 400:
            return _there(answer)
    except client.NotFound:
        pass  # Some hosts answer so to HEAD alone.
    except client.Busy:
        raise
    except client.Unavailable as error:
        # A host in trouble over HEAD may still answer GET; one that was silent, or wants rest, is left alone.
        if error.status is None or error.status == 429:
            return _failed(error)
    except client.WebError as error:
        return _failed(error)
    try:
        answer = client.get(url, kind="link", until=until, patience=patience)
    except client.NotFound as error:
        return Told(FLAGGED, str(error), status=error.status)
    except client.Busy:
        raise
    except client.WebError as error:
        return _failed(error)
    if answer.status >= 400:
        return Told(
            FAILED,
            _("%(host)s does not show this page to machines (%(status)d).")
            % {"host": answer.label, "status": answer.status},
            status=answer.status,
        )
    return _there(answer)


def _there(answer: client.Answer) -> Told:
    return Told(CLEAR, _("It is there (%(status)d).") % {"status": answer.status}, status=answer.status)


def _failed(error: client.WebError) -> Told:
    return Told(FAILED, str(error), may_pass=not isinstance(error, client.Refused), status=error.status)
