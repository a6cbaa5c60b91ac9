"""Django's system checks of the settings by which other services are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from references.web.services import crossref, datacite, pubmed


@register
def check_services(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Base addresses are https, but for hosts that are excepted; an exception is named wherever it is not DEBUG."""
    found: list[CheckMessage] = []
    excepted = settings.LOOKUP_PRIVATE_HOSTS
    for service, name in ((crossref(), "CROSSREF_URL"), (pubmed(), "EUTILS_URL"), (datacite(), "DATACITE_URL")):
        try:
            scheme, host, port = service.origin
        except ValueError:
            scheme, host, port = "", "", 0
        if not host or (scheme != "https" and f"{host}:{port}" not in excepted):
            found.append(Error(f"{name} is {service.base!r}: write an https:// address.", id="references.E001"))
    for entry in excepted:
        if not re.fullmatch(r"[^\s:/]+:[0-9]{1,5}|[0-9a-f:.]+:[0-9]{1,5}", entry):
            found.append(Error(f"LOOKUP_PRIVATE_HOSTS names {entry!r}: write host:port.", id="references.E002"))
    if excepted and not settings.DEBUG:
        found.append(
            Warning(
                f"LOOKUP_PRIVATE_HOSTS lets this site ask {', '.join(excepted)}, although private: links that authors "
                "write reach them as well.",
                hint="Leave it empty but for tests and a set-up on one machine.",
                id="references.W001",
            )
        )
    return found
