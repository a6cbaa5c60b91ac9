"""The one client for questions to other hosts: what the library looks up, watches and checks goes through `get`.

It asks only public addresses, and of the services only those in the settings; it follows redirects by hand, each
checked like the first; it keeps each host's pace, waits and tries again where that can help, and bounds every answer in
time and size. Proxies named in the environment are not used: they would hide from us whom we reach.
"""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import http.client
import json
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.response import BaseHTTPResponse

from references.web import addresses, pace, services
from references.web.addresses import Target
from references.web.errors import BadAnswer, Busy, NotFound, RateLimited, Refused, Unavailable, WebError

__all__ = [
    "IMPATIENT",
    "PATIENT",
    "Answer",
    "BadAnswer",
    "Busy",
    "NotFound",
    "RateLimited",
    "Refused",
    "Unavailable",
    "WebError",
    "get",
]

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 20.0
"""For one question with all its attempts and redirects; turns waited for do not count."""
LARGEST = 5_000_000
MOST_REDIRECTS = 5
ATTEMPTS = 4
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 8.0
LONGEST_RETRY_AFTER = 30.0
CACHED_SECONDS = 24 * 60 * 60
LARGEST_CACHED = 1_000_000
IMPATIENT, PATIENT = 3.0, 30.0
"""Seconds that a caller waits for its turn, or at a host's wish: a web request, and work in the background."""

_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """An answer: `url` is where it came from in the end. Of a link that is only checked, the body is not read."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    label: str = ""

    @property
    def text(self) -> str:
        """The body as UTF-8. Raises BadAnswer where it is not."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadAnswer(_("%(label)s answered with something that is not text.") % {"label": self.label}) from None

    def json(self) -> Any:
        """The body read as JSON. Raises BadAnswer where it is not."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            raise BadAnswer(_("%(label)s answered with something that is not JSON.") % {"label": self.label}) from None


def get(
    url: str,
    query: Mapping[str, str] | None = None,
    *,
    kind: Literal["api", "link"] = "api",
    method: Literal["GET", "HEAD"] = "GET",
    accept: str = "",
    patience: float = PATIENT,
    until: float | None = None,
    fresh: bool = False,
) -> Answer:
    """Ask an address and return its answer, or raise an error whose text is one plain sentence.

    `kind="api"` asks one of the services in the settings, adds what it wants to know of us, and keeps the answer in the
    cache for a day (`fresh` asks anew). `kind="link"` asks any public host whether the address is there, without
    reading what it says; an answer of 401, 403 or 405 is an answer then. `patience` says how many seconds the caller
    waits for a turn or at the host's wish, `until` (of `time.monotonic`) when all must be over.

    Raises NotFound (404, 410), Unavailable, RateLimited, Busy, Refused or BadAnswer.
    """
    if not settings.LOOKUP_ENABLED:
        raise Unavailable(_("Asking other services is switched off on this site."), may_pass=False)
    target = addresses.read(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url)
    question = _Question(target, kind, method, accept or ("application/json" if kind == "api" else "*/*"), patience)
    keyed = "" if fresh or kind == "link" else question.cache_key
    if keyed and (known := _cached(keyed)):
        return known
    limit = min(time.monotonic() + TOTAL_SECONDS, until or float("inf"))
    answer = _insist(question, limit)
    if kind == "api" and len(answer.body) <= LARGEST_CACHED:
        _keep(question.cache_key, answer)
    return answer


@dataclass(frozen=True)
class _Question:
    target: Target
    kind: str
    method: str
    accept: str
    patience: float

    @property
    def cache_key(self) -> str:
        digest = hashlib.sha256(f"{self.method} {self.target.url} {self.accept}".encode()).hexdigest()
        return f"web:{digest}"


def _cached(key: str) -> Answer | None:
    try:
        return cache.get(key)
    except (RedisError, OSError):
        log.exception("The cache is away: a question is asked anew.")
        return None


def _keep(key: str, answer: Answer) -> None:
    try:
        cache.set(key, answer, CACHED_SECONDS)
    except (RedisError, OSError):
        log.exception("The cache is away: an answer was not kept.")


def _insist(question: _Question, limit: float) -> Answer:
    """Ask until there is an answer, there can be none, or the time is over. Waits grow, with full jitter.

    The jitter keeps several processes that failed together from coming back together.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _follow(question, limit)
        except Unavailable as error:
            wait = error.retry_after
            if wait is None:
                wait = random.uniform(0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2**attempt))  # noqa: S311 - no secret
            too_long = wait > min(question.patience, LONGEST_RETRY_AFTER) or time.monotonic() + wait >= limit
            if attempt == ATTEMPTS or not error.may_pass or too_long:
                raise
            log.info("Asking again in %.1f s: %s", wait, error)
            time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _follow(question: _Question, limit: float) -> Answer:
    """Ask, and follow redirects by hand: each place is checked as the first was, and asked in its own turn."""
    target, own_query = question.target, True
    for _hop in range(MOST_REDIRECTS + 1):
        if question.kind == "api":
            service = addresses.service_of(target)
            label = service.label
            queue, interval = service.lane(target.path.partition("?")[0])
            sent = _with_query(target, service.own_query) if own_query else target
        else:
            addresses.check_port(target)
            label, queue, interval, sent = target.host_header, f"link {target.host}", services.LINK_INTERVAL, target
        machines = addresses.resolve(target, min(addresses.RESOLVE_SECONDS, limit - time.monotonic()))
        limit += pace.turn(queue, interval, question.patience, label)
        # Our key and mail address, which only the sent address holds, stay out of the answer.
        answer = replace(_ask(question, sent, machines, limit, label), url=target.url)
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            return _judged(answer, question.kind, queue)
        target, own_query = addresses.read(urljoin(target.url, answer.headers["location"])), False
    raise BadAnswer(_("%(label)s leads from one address to the next without end.") % {"label": label})


def _with_query(target: Target, query: Mapping[str, str]) -> Target:
    if not query:
        return target
    return replace(target, path=f"{target.path}{'&' if '?' in target.path else '?'}{urlencode(query)}")


def _judged(answer: Answer, kind: str, queue: str) -> Answer:
    """The answer, where it is one; otherwise the error that its status stands for."""
    status, told = answer.status, {"label": answer.label, "status": answer.status}
    if status in _GONE:
        raise NotFound(_("%(label)s has nothing at this address (%(status)d).") % told, status=status)
    if status == 429 or status >= 500:
        wish = _retry_after(answer.headers.get("retry-after", ""))
        if wish is not None:
            pace.hold(queue, wish)
        if status == 429:
            raise RateLimited(
                _("%(label)s was asked too often just now and wants to be left alone for a while.") % told,
                status=status,
                retry_after=wish,
            )
        raise Unavailable(_("%(label)s is in trouble just now (%(status)d).") % told, status=status, retry_after=wish)
    if status >= 300 and kind == "api":
        raise BadAnswer(_("%(label)s does not take this question (%(status)d).") % told, status=status)
    return answer


def _retry_after(text: str) -> float | None:
    """Seconds from a Retry-After header: a number of them, or a date (RFC 9110, 10.2.3). None where it says neither."""
    if text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


class _Wire:
    """A second handle on a connection's socket, by which it can be ended at any stage, from another thread.

    A read's time limit begins anew with each byte, so a host that sends one byte in a while could keep us for ever.
    """

    def __init__(self) -> None:
        self.handle: socket.socket | None = None
        self.is_cut = False

    def hold(self, connected: socket.socket) -> socket.socket:
        self.handle = connected.dup()
        if self.is_cut:
            self.cut()
        return connected

    def cut(self) -> None:
        self.is_cut = True
        if self.handle is not None:
            try:
                self.handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # It has ended already.

    def close(self) -> None:
        if self.handle is not None:
            self.handle.close()


class _Plain(HTTPConnection):
    wire: _Wire

    def _new_conn(self) -> socket.socket:
        return self.wire.hold(super()._new_conn())


class _Secure(HTTPSConnection):
    wire: _Wire

    def _new_conn(self) -> socket.socket:
        return self.wire.hold(super()._new_conn())


def _ask(question: _Question, target: Target, machines: list[str], limit: float, label: str) -> Answer:
    """Send the question to the first of the machines that takes the connection, and read its answer."""
    for position, machine in enumerate(machines, start=1):
        try:
            return _ask_machine(question, target, machine, limit, label)
        except _NotConnected as error:
            if position == len(machines):
                raise Unavailable(str(error)) from error
    raise AssertionError("there is always a machine to ask")


class _NotConnected(Exception):
    """Nobody took the connection at this address: another address of the same host may."""


def _ask_machine(question: _Question, target: Target, machine: str, limit: float, label: str) -> Answer:
    told = {"label": label}
    slow = _("%(label)s did not answer in time.") % told
    left = limit - time.monotonic()
    if left <= 0:
        raise Unavailable(slow)
    wire = _Wire()
    connection = _connection(target, machine, min(CONNECT_SECONDS, left))
    connection.wire = wire
    end = threading.Timer(left, wire.cut)
    end.daemon = True
    end.start()
    try:
        try:
            connection.connect()
        except (SSLError, ssl.SSLError) as error:
            if wire.is_cut:
                raise
            raise Unavailable(_("No safe connection to %(label)s could be made.") % told, may_pass=False) from error
        except (HTTPError, OSError) as error:
            is_slow = isinstance(error, ConnectTimeoutError) and not isinstance(error, NewConnectionError)
            sentence = slow if is_slow else _("%(label)s cannot be reached.") % told
            raise _NotConnected(sentence) from error
        connection.timeout = READ_SECONDS
        headers = {
            "Host": target.host_header,
            "User-Agent": services.user_agent(),
            "Accept": question.accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        connection.request(question.method, target.path, headers=headers, preload_content=False)
        response = connection.getresponse()
        reads = question.kind == "api" and response.status not in _REDIRECTS
        body = _read(response, label) if reads else b""
        if wire.is_cut:
            raise Unavailable(slow)
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(target.url, response.status, found, body, label)
    except (HTTPError, http.client.HTTPException, OSError) as error:
        if wire.is_cut or isinstance(error, TimeoutError):
            raise Unavailable(slow) from error
        raise Unavailable(_("%(label)s broke off its answer.") % told) from error
    finally:
        end.cancel()
        connection.close()
        wire.close()


def _connection(target: Target, machine: str, seconds: float) -> _Plain | _Secure:
    """A connection to that very machine; where it is a safe one, its certificate must be for the host's name."""
    if target.scheme == "http":
        return _Plain(machine, target.port, timeout=seconds)
    return _Secure(
        machine, target.port, timeout=seconds, ssl_context=ssl.create_default_context(), server_hostname=target.host
    )


def _read(response: BaseHTTPResponse, label: str) -> bytes:
    """The body, unpacked bit by bit, so that a small answer that unpacks to a huge one is given up in time."""
    parts, size = [], 0
    while part := response.read(65_536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise BadAnswer(
                _("The answer of %(label)s is larger than %(most)d MB.")
                % {"label": label, "most": LARGEST // 1_000_000}
            )
    return b"".join(parts)
