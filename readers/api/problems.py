"""Refusals as application/problem+json (RFC 9457). What never was public and what does not exist are told alike."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem with these members besides the usual ones; none that is None."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    told |= {name: value for name, value in more.items() if value is not None}
    return HttpResponse(json.dumps(told, ensure_ascii=False, default=str), status=status, content_type=MEDIA_TYPE)


def missing(request: HttpRequest, **_path: Any) -> HttpResponse:
    """There is nothing here."""
    return problem(404, _("There is nothing public at this address."))


def unreadable(request: HttpRequest, errors: list[dict[str, Any]]) -> HttpResponse:
    """Parameters that could not be read, each by its name."""
    wrong = [{"parameter": str(error["loc"][-1]), "message": error["msg"]} for error in errors]
    return problem(422, _("A parameter could not be read."), errors=wrong)
