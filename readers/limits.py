"""How often one address, and one network, may send something, and how much work a flood may make.

Addresses are kept only as keyed digests, and only until a window ends.
"""

from __future__ import annotations

import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

QUESTIONS = ((600, 5), (86_400, 30))
"""Seconds of a window and how many questions one address may send in it."""
LOOKS = ((60, 12), (3600, 120))
"""The same for looking up what answers say to a question."""
OPINIONS = ((600, 20), (86_400, 100))
"""The same for “was this helpful” and reports of mistakes."""
IPV6_PREFIX = 64
"""One household or phone has a whole IPv6 network of this size."""
NETWORKS = {4: 24, 6: 48}
"""By version of IP: what one sender can easily have many addresses of."""
IN_A_NETWORK = 8
"""So many times what one address may send comes from one network at most."""
ROOM_SECONDS, ROOM = 10, 100
"""In so many seconds so many questions are looked up for all readers together: the rest is told so, without work."""

log = logging.getLogger(__name__)


def may_send(request: HttpRequest, what: str, windows: tuple[tuple[int, int], ...]) -> bool:
    """Count this sending and say whether its address and its network are within all windows.

    Where the cache is away, they are.
    """
    address = sender(request)
    counted = [(address, 1), (network(address), IN_A_NETWORK)]
    try:
        # Each window counts, also behind one that is full already.
        within = [
            _count(f"limit:{what}:{seconds}:{_digest(who)}", seconds) <= most * times
            for who, times in counted
            for seconds, most in windows
        ]
    except (RedisError, OSError):
        log.exception("The cache is away: a sending was let through uncounted.")
        return True
    return all(within)


def has_room(what: str) -> bool:
    """Count this piece of work; whether all readers together are within ROOM. Where the cache is away, they are."""
    try:
        return _count(f"room:{what}:{int(time.time()) // ROOM_SECONDS}", ROOM_SECONDS) <= ROOM
    except (RedisError, OSError):
        log.exception("The cache is away: work was done uncounted.")
        return True


def _digest(who: str) -> str:
    return salted_hmac("readers.limits", who).hexdigest()


def network(address: str) -> str:
    """The network of an address as `sender` gives it, by NETWORKS; the address itself where it is none."""
    try:
        found = ipaddress.ip_network(address).network_address
        return str(ipaddress.ip_network((found, NETWORKS[found.version]), strict=False))
    except ValueError:
        return address


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # The window ended between the two.
        cache.set(key, 1, seconds)
        return 1


def sender(request: HttpRequest) -> str:
    """The client's address, an IPv6 one cut to its network.

    Of X-Forwarded-For only as many last entries are believed as there are proxies of ours: the rest anybody can write.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        address = hops[-settings.TRUSTED_PROXIES :][0] if hops else address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)
