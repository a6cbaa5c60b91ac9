"""Each request has an id: in every log line about it, in the tasks that it sent, and in its answer.

An id that came along is kept where it is well-formed, so that it can be the one of the proxy before the site. The
answer to a public address has one only where one came along, or where it tells of an error of ours: so the same address
is the same bytes for everyone, headers included, and no shared cache hands out the id of somebody else's request.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.running import metrics
from readers.caching import PRIVATE

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered, or of the one that sent the task being done; empty elsewhere."""

log = logging.getLogger(__name__)


def id_for(given: str) -> str:
    """The id that was given, where it is well-formed; a new one otherwise."""
    if given and WELL_FORMED.fullmatch(given):
        return given
    return f"{random.getrandbits(128):032x}"  # noqa: S311 - to be told apart, not to be kept secret


def view_of(request: HttpRequest) -> str:
    """The name of the view that a request led to: never its address, which may hold a token or somebody's words."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


class Requests:
    """Gives the request its id, and has its outcome counted, and logged where LOG_REQUESTS asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        name = id_for(given)
        request.request_id = name  # type: ignore[attr-defined]
        began = time.perf_counter()
        token = current.set(name)
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            if metrics.are_kept():
                metrics.observe(view_of(request), request.method or "", response.status_code, seconds)
            if settings.LOG_REQUESTS:
                _say(request, response.status_code, seconds)
        finally:
            current.reset(token)
        if name == given or response.status_code >= 500 or request.path_info.startswith(PRIVATE):
            response[HEADER] = name
        return response


def _say(request: HttpRequest, status: int, seconds: float) -> None:
    told = {"method": metrics.method_of(request.method or ""), "view": view_of(request), "status": status}
    ms = round(seconds * 1000, 1)
    log.info("%s %s %d in %.1f ms", *told.values(), ms, extra=told | {"ms": ms})
