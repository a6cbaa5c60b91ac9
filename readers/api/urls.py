"""Where the API is: its addresses behind the door, the document, the guide, and the refusal of everything else."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from readers.api import document
from readers.api.addresses import START, api
from readers.api.door import at_the_door
from readers.api.problems import missing

_callbacks = {
    str(one.pattern): (at_the_door(one.callback), one.name)
    for one in api.urls[0]
    if isinstance(one, URLPattern) and str(one.name).startswith("api_")
}
urlpatterns = [
    # The index without its last stroke, too: a redirect would be no answer to a program on another site.
    path(START.rstrip("/"), _callbacks[""][0], name="api_index"),
    *(path(START + pattern, callback, name=name) for pattern, (callback, name) in _callbacks.items()),
    path(f"{START}openapi.json", at_the_door(document.openapi), name="api_document"),
    path("api/", document.guide, name="api_guide"),
    re_path(rf"^{START}.", at_the_door(missing), name="api_missing"),
]
