"""Which addresses may be asked: a URL becomes a `Target`, and a target the addresses of machines on the public network.

A name is resolved once, every address that it has is checked, and the connection goes to one of those very addresses:
what the name resolves to a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from references.folding import quoted
from references.web.errors import Refused, Unavailable
from references.web.services import DEFAULT_PORTS, Service, serving

LONGEST = 4_000
RESOLVE_SECONDS = 3.0
MOST_TRIED = 3
_KEPT = "/:;()._-~!*'@&=+$,%"


@dataclass(frozen=True)
class Target:
    """An address taken apart: what is sent to whom. `path` has the query; a fragment is never sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.path}"

    @property
    def is_excepted(self) -> bool:
        """Whether the site's settings let this host and port be private: for one machine and for tests."""
        return f"{self.host}:{self.port}" in settings.LOOKUP_PRIVATE_HOSTS


def read(url: str) -> Target:
    """Take an address apart. Raises Refused for what is no plain http or https address."""
    refusal = Refused(_("%(url)s is not an address that can be asked.") % {"url": quoted(url)})
    if len(url) > LONGEST or any(c <= " " or c in "\\\x7f" for c in url):
        raise refusal
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        named = (parts.hostname or "").rstrip(".")
        host = named if ":" in named else named.encode("idna").decode("ascii").lower()
    except (ValueError, KeyError):  # UnicodeError, of a name that cannot be, is a ValueError.
        raise refusal from None
    if not host or "%" in host or "@" in parts.netloc:
        raise refusal
    path = quote(parts.path or "/", safe=_KEPT)
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return Target(parts.scheme, host, port, path + query)


def service_of(target: Target) -> Service:
    """The service that a target belongs to. Raises Refused for any other address."""
    service = serving(target.origin, target.path)
    if service is None:
        raise Refused(_("This site does not ask %(host)s.") % {"host": target.host_header})
    return service


def check_port(target: Target) -> None:
    """Raise Refused unless it is a port of the web."""
    if target.port not in DEFAULT_PORTS.values() and not target.is_excepted:
        raise Refused(_("This site does not ask port %(port)d of other hosts.") % {"port": target.port})


def resolve(target: Target, seconds: float = RESOLVE_SECONDS) -> list[str]:
    """The addresses of the machines behind a host's name, at most a few, each on the public network.

    Raises Refused where any of them is not public, Unavailable where the name is unknown or nobody tells in time.
    """
    found = list(dict.fromkeys(_look_up(target.host, target.port, seconds)))
    if not target.is_excepted and not all(map(is_public, found)):
        raise Refused(
            _("%(host)s is not on the public network, so this site does not ask it.") % {"host": target.host_header}
        )
    return found[:MOST_TRIED]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network; an IPv6 one that carries an IPv4 one must be it in both."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip.ipv4_mapped or (carried is not None and not is_public(str(carried))):
            return bool(ip.ipv4_mapped) and is_public(str(ip.ipv4_mapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_unspecified
    )


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Ask the system's resolver, which knows no time limit of its own, for no longer than `seconds`."""
    found: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(seconds, 0.01))
    if failed:
        if isinstance(failed[0], socket.gaierror) and failed[0].errno == socket.EAI_AGAIN:
            raise Unavailable(_("The network is away: nobody could say where %(host)s is.") % {"host": host})
        raise Unavailable(_("No machine is known as %(host)s.") % {"host": host}, may_pass=False)
    if not found:
        raise Unavailable(_("Nobody said in time where %(host)s is.") % {"host": host})
    return list(found)
