"""Where the API is: its addresses behind the door, the document, the guide, and the refusal of everything else."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from readers.api import document
from readers.api.addresses import START, api
from readers.api.door import at_the_door
from readers.api.problems import missing

urlpatterns = [
    path(START + str(one.pattern), at_the_door(one.callback), name=one.name)
    for one in api.urls[0]
    if isinstance(one, URLPattern) and str(one.name).startswith("api_")
]
urlpatterns += [
    path(f"{START}openapi.json", at_the_door(document.openapi), name="api_document"),
    path("api/", document.guide, name="api_guide"),
    re_path(rf"^{START}.", at_the_door(missing), name="api_missing"),
]
