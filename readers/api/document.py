"""The OpenAPI document, made of the addresses and shapes themselves, and the page that tells people of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from readers.api.addresses import START, api
from readers.api.cursors import MOST
from readers.api.door import JSON, REQUESTS
from readers.api.problems import MEDIA_TYPE
from readers.frame import Reader, public_page, rendered

ETAG = {"description": "Names these very bytes.", "schema": {"type": "string"}}
NOT_MODIFIED = {"description": "Nothing changed since the ETag that was sent."}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "required": False,
    "description": "The ETag of what you have.",
}
REFUSALS = {
    "404": "Nothing public is at this address.",
    "406": "Accept does not take application/json.",
    "410": "The answer was withdrawn or left the public: what happened.",
    "422": "A parameter could not be read.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
    "500": "Something went wrong on our side; it is logged.",
}
EXAMPLES = {
    "404": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing public at this address.",
    },
}


@cache
def document() -> dict[str, Any]:
    """The document as plain data: what the framework makes, with the media type of refusals, ETags and 304."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=START)))
    made["servers"] = [{"url": settings.SITE_URL}]
    for operations in made["paths"].values():
        operation = operations["get"]
        operation["parameters"] = [*operation.get("parameters", []), IF_NONE_MATCH]
        responses = operation["responses"]
        for status, response in responses.items():
            if status == "200":
                response["description"] = "As asked for."
                response["headers"] = {"ETag": ETAG}
                continue
            response["description"] = REFUSALS[status]
            told = response["content"].pop(JSON)
            response["content"] = {MEDIA_TYPE: told | ({"example": EXAMPLES[status]} if status in EXAMPLES else {})}
        operation["responses"] = dict(sorted((responses | {"304": NOT_MODIFIED}).items()))
    return made


def openapi(request: HttpRequest) -> HttpResponse:
    """The document as JSON."""
    return HttpResponse(json.dumps(document(), ensure_ascii=False), content_type=JSON)


@public_page
def guide(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Every address with its parameters, for people who write programs."""
    operations = [
        {
            "path": path,
            "about": operations["get"]["description"],
            "parameters": [one for one in operations["get"]["parameters"] if one["in"] == "query"],
        }
        for path, operations in document()["paths"].items()
    ]
    seconds, requests = REQUESTS[0]
    return rendered(
        "readers/api.html",
        reader,
        path=reverse("readers:api_guide"),
        operations=operations,
        most=MOST,
        requests=requests,
        seconds=seconds,
    )
