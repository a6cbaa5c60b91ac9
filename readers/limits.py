"""How often one address may send something. Addresses are kept only as keyed digests, and only until a window ends."""

from __future__ import annotations

import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

QUESTIONS = ((600, 5), (86_400, 30))
"""Seconds of a window and how many questions one address may send in it."""
IPV6_PREFIX = 64
"""One household or phone has a whole IPv6 network of this size."""

log = logging.getLogger(__name__)


def may_send(request: HttpRequest, what: str, windows: tuple[tuple[int, int], ...]) -> bool:
    """Count this sending and say whether it is within all windows. Where the cache is away, it is."""
    address = salted_hmac("readers.limits", sender(request)).hexdigest()
    try:
        # Each window counts, also behind one that is full already.
        within = [_count(f"limit:{what}:{seconds}:{address}", seconds) <= most for seconds, most in windows]
    except (RedisError, OSError):
        log.exception("The cache is away: a sending was let through uncounted.")
        return True
    return all(within)


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
