"""What every address of the API does alike: methods, media types, how often, reading from other sites, and ETags."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from readers import limits
from readers.api.problems import MEDIA_TYPE, problem
from readers.caching import handed_out

REQUESTS = ((60, 600),)
"""Seconds of a window and how many requests one address may make in it."""
METHODS = "GET, HEAD, OPTIONS"
JSON = "application/json"
RANGES = (JSON, "application/*", "*/*", MEDIA_TYPE)
"""Ranges of Accept that take JSON, the most specific first."""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def at_the_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view behind all that. It is only asked for what can be answered, and always by GET."""

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, **path: Any) -> HttpResponse:
        response = _refusal(request) or _answer(view, request, path)
        for name, value in CORS.items():
            response[name] = value
        response["X-Robots-Tag"] = "noindex"
        return response

    return door


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """What is answered without asking the view."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS} | PREFLIGHT)
    refused = None
    if request.method not in {"GET", "HEAD"}:
        refused = problem(405, _("This API can only be read."))
        refused["Allow"] = METHODS
    elif not accepts_json(request):
        refused = problem(406, _("This API answers JSON only: Accept has to take application/json."))
    elif not limits.may_send(request, "api", REQUESTS):
        refused = problem(429, _("Too many requests came from your address. Please wait a minute."))
        refused["Retry-After"] = str(REQUESTS[0][0])
    if refused is not None:
        refused["Cache-Control"] = "no-store"
    return refused


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, path: dict[str, Any]) -> HttpResponse:
    method, request.method = request.method, "GET"
    try:
        response = handed_out(request, view(request, **path))
    except Exception as error:  # noqa: BLE001 - whatever went wrong, a program reads of it as of any other problem
        return _failure(request, error)
    finally:
        request.method = method
    return response


def _failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """What is answered where the view broke: nothing of the fault, which is logged and reported as any other is."""
    got_request_exception.send(sender=at_the_door, request=request)
    response = problem(500, _("Something went wrong on our side. Please try again in a minute."))
    log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=error)
    response["Cache-Control"] = "no-store"
    return response


def accepts_json(request: HttpRequest) -> bool:
    """Whether Accept takes JSON (RFC 9110, section 12.5.1): the most specific range decides, none takes everything."""
    weights: dict[str, bool] = {}
    for offer in request.headers.get("Accept", "*/*").lower().split(","):
        media, *parameters = (part.strip() for part in offer.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        weights[media] = quality.strip("0.") != ""
    return next((weights[media] for media in RANGES if media in weights), "" in weights)
