"""What a balancer, a monitor and Prometheus ask: /health/live, /health/ready, /version and /metrics.

They are answered before anything else looks at the request: a balancer asks by an address and a scheme that are not the
site's. The public is told only whether the site lives and is ready, and its version; the rest asks for METRICS_TOKEN as
a bearer token. Without it /metrics is a page that is missing, like any other.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

from config.running import gauges, metrics, reach
from config.version import VERSION

KEPT_SECONDS = 1.0
"""For so long an answer about readiness holds: nobody can make the site ask more often."""

log = logging.getLogger(__name__)


def live(request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: whoever restarts it must not do so because the database is away."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here: 200, or 503 where the database or the record's protection is not there."""
    found = _readiness.now()
    is_ready = all(one.is_well for one in found if one.is_needed)
    told: dict[str, object] = {"status": "ready" if is_ready else "not ready"}
    if may_know(request):
        told["parts"] = {one.name: "well" if one.is_well else one.problem for one in found}
    return JsonResponse(told, status=200 if is_ready else 503)


def version(request: HttpRequest) -> HttpResponse:
    """Which version answers: after an upgrade, whether the old one still does."""
    return JsonResponse({"version": VERSION})


def metrics_page(request: HttpRequest) -> HttpResponse:
    """The metrics, for whoever holds the token."""
    return HttpResponse(metrics.as_text(gauges.Gauges()), content_type="text/plain; version=0.0.4; charset=utf-8")


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": live,
    "/health/ready": ready,
    "/version": version,
    "/metrics": metrics_page,
}
CLOSED = {"/metrics"}
"""Missing pages to everybody without the token."""


def may_know(request: HttpRequest) -> bool:
    """Whether the request carries METRICS_TOKEN."""
    kind, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and kind.lower() == "bearer" and hmac.compare_digest(token.encode(), wanted.encode())


class Probes:
    """Answers the probes, which no resolver knows: so a closed one is a missing page by being one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        if probe is None or (request.path_info in CLOSED and not may_know(request)):
            return self.get_response(request)
        is_read = request.method in {"GET", "HEAD"}
        response = probe(request) if is_read else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class _Readiness:
    """The last answer, held for a moment. While one thread asks, others are told what was found before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[reach.Reached] = []
        self._until = 0.0

    def now(self) -> list[reach.Reached]:
        is_first = not self._found
        if time.monotonic() < self._until or not self._lock.acquire(blocking=is_first):
            return self._found
        try:
            if time.monotonic() >= self._until:
                self._ask()
        finally:
            self._lock.release()
        return self._found

    def _ask(self) -> None:
        before = {one.name: one.problem for one in self._found}
        self._found = reach.ask()
        self._until = time.monotonic() + KEPT_SECONDS
        for one in self._found:
            if one.problem != before.get(one.name, ""):
                level = logging.WARNING if one.problem else logging.INFO
                log.log(level, "Ready? %s: %s", one.name, one.problem or "well again")


_readiness = _Readiness()
