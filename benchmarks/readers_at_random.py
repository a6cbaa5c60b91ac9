"""Readers of every audience in random order before a site: what each got, beside what the origin gives there.

They differ as readers do: in what packing they take and how they say it, in cookies of their own, in asking again with
an ETag. Needs nothing of Django.
"""

from __future__ import annotations

import gzip
import http.client
import random
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

PACKINGS = ("gzip, deflate, br", "gzip", "gzip;q=1.0, *;q=0.5", "GZIP", "identity", "", "gzip;q=0", "br, gzip;q=0.8")
COOKIES = ("", "sessionid=of-a-reader", "audience=patient; csrftoken=malformed")


@dataclass(frozen=True)
class Page:
    """What the origin gives at an address: its status, its bytes unpacked, and its ETags, plain and packed."""

    status: int
    body: bytes
    etags: frozenset[str]


@dataclass
class Outcome:
    """What readers got: how many requests and 304s, the cache's words for them, and each address that was not right."""

    requests: int = 0
    not_modified: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.requests += other.requests
        self.not_modified += other.not_modified
        self.statuses += other.statuses
        self.wrong += other.wrong

    @property
    def hit_rate(self) -> float:
        """The part that the cache answered without asking the site."""
        return self.statuses["HIT"] / max(self.requests, 1)


def every_audience(paths: Iterable[str], audiences: Iterable[str]) -> list[str]:
    """Each path bare and for each audience."""
    return [
        f"{path}{'&' if '?' in path else '?'}for={audience}" if audience else path
        for path in paths
        for audience in ("", *audiences)
    ]


def fetch(connection: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """The answer to one GET; its body is read by the caller."""
    connection.putrequest("GET", address, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()


def unpacked(response: http.client.HTTPResponse) -> bytes:
    body = response.read()
    return gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body


def of_the_origin(port: int, addresses: Iterable[str]) -> dict[str, Page]:
    """What the site itself gives at each address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    pages = {}
    for address in addresses:
        plain = fetch(connection, address, {})
        body = unpacked(plain)
        packed = fetch(connection, address, {"Accept-Encoding": "gzip"})
        if unpacked(packed) != body:
            raise ValueError(f"{address} is other words when it is packed.")
        etags = frozenset(one.headers.get("ETag", "") for one in (plain, packed))
        pages[address] = Page(plain.status, body, etags)
    connection.close()
    return pages


def read(port: int, pages: dict[str, Page], *, requests: int, at_once: int = 8, seed: int = 1) -> Outcome:
    """So many requests in random order by `at_once` readers, each held against what the origin gives there."""
    outcomes = [Outcome() for _reader in range(at_once)]
    errors: list[Exception] = []

    def run(number: int) -> None:
        try:
            share = requests // at_once + (number < requests % at_once)
            _read(port, pages, share, random.Random(seed * 1000 + number), outcomes[number])
        except Exception as error:  # noqa: BLE001 - told below, where the caller sees it
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    together = Outcome()
    for outcome in outcomes:
        together.add(outcome)
    return together


def _read(port: int, pages: dict[str, Page], requests: int, chance: random.Random, outcome: Outcome) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    addresses = list(pages)
    known: dict[str, tuple[str, str]] = {}
    for _request in range(requests):
        address = chance.choice(addresses)
        page = pages[address]
        packing = chance.choice(PACKINGS)
        headers = {"Accept-Encoding": packing, "Cookie": chance.choice(COOKIES)}
        if address in known and chance.random() < 0.2:
            headers["Accept-Encoding"], headers["If-None-Match"] = known[address]
        response = fetch(connection, address, {name: value for name, value in headers.items() if value})
        body = unpacked(response)
        etag = response.headers.get("ETag", "").removeprefix("W/")
        outcome.requests += 1
        outcome.statuses[response.headers.get("X-Cache-Status", "none")] += 1
        is_right = etag in page.etags and "Set-Cookie" not in response.headers
        if response.status == 304:
            outcome.not_modified += 1
            is_right = is_right and headers.get("If-None-Match") == etag
        else:
            is_right = is_right and (response.status, body) == (page.status, page.body)
        if not is_right:
            outcome.wrong.append(f"{response.status} at {address} ({headers})")
        if etag:
            known[address] = (headers["Accept-Encoding"], etag)
    connection.close()
