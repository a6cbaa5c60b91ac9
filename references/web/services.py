"""The services that the library asks: where each one is, how often it may be asked, and how we say who we are.

Limits: Crossref, “Access and authentication” of its REST API (public and polite pool, single records and lists
apart); NCBI, “A General Introduction to the E-utilities” (3 requests a second, 10 with a key); DataCite, “Rate
limits” (1,000 in five minutes for who names an address).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from django.conf import settings

DEFAULT_PORTS = {"http": 80, "https": 443}
LINK_INTERVAL = 2.0
"""Seconds between two questions to one host of which we only check links."""


@dataclass(frozen=True)
class Service:
    """One service. `intervals` are the seconds between two questions: for one record, and for a list."""

    name: str
    label: str
    base: str
    intervals: tuple[float, float]
    list_path: str = ""
    own_query: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port of its base address."""
        parts = urlsplit(self.base)
        return parts.scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)

    def lane(self, path: str) -> tuple[str, float]:
        """The name of the queue in which a question for this path stands, and its interval."""
        is_list = bool(self.list_path) and path.rstrip("/").endswith(self.list_path)
        return f"{self.name} list" if is_list else self.name, self.intervals[is_list]


def crossref() -> Service:
    email = settings.LOOKUP_EMAIL
    return Service(
        "crossref",
        "Crossref",
        settings.CROSSREF_URL,
        (0.11, 0.35) if email else (0.21, 1.05),
        list_path="/works",
        own_query={"mailto": email} if email else {},
    )


def pubmed() -> Service:
    own = {"tool": "imprimatur", "email": settings.LOOKUP_EMAIL, "api_key": settings.NCBI_API_KEY}
    interval = 0.11 if settings.NCBI_API_KEY else 0.35
    return Service(
        "pubmed",
        "PubMed",
        settings.EUTILS_URL,
        (interval, interval),
        own_query={name: value for name, value in own.items() if value},
    )


def datacite() -> Service:
    return Service("datacite", "DataCite", settings.DATACITE_URL, (0.35, 0.35))


def serving(origin: tuple[str, str, int], path: str) -> Service | None:
    """The service under whose base address a path of a host lies; None where it is none of ours."""
    for service in (crossref(), pubmed(), datacite()):
        if service.origin == origin and path.startswith(urlsplit(service.base).path.rstrip("/") + "/"):
            return service
    return None


def user_agent() -> str:
    """Who we are, with an address at which somebody can be reached: what the services ask of polite clients."""
    try:
        release = version("imprimatur")
    except PackageNotFoundError:
        release = "0.1"
    contact = f"; mailto:{settings.LOOKUP_EMAIL}" if settings.LOOKUP_EMAIL else ""
    return f"Imprimatur/{release} ({settings.SITE_URL}{contact})"
