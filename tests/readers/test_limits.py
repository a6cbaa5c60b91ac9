"""Whose sending is counted: the client's own address, and no more of a header than our proxies wrote."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from readers.limits import may_send, sender


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "192.0.2.1", "", "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "1.1.1.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", " , ", "10.0.0.1"),
        (1, "", "not an address", "not an address"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_sender(settings, proxies: int, remote: str, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert sender(RequestFactory().post("/ask/", headers=headers, REMOTE_ADDR=remote)) == expected


def test_each_window_and_each_purpose_counts_by_itself() -> None:
    request = RequestFactory().post("/ask/", REMOTE_ADDR="192.0.2.1")
    windows = ((60, 2), (3600, 3))
    assert [may_send(request, "one", windows) for _try in range(3)] == [True, True, False]
    assert may_send(request, "two", windows)


def test_no_address_is_kept() -> None:
    may_send(RequestFactory().post("/ask/", REMOTE_ADDR="192.0.2.1"), "one", ((60, 2),))
    kept = list(cache._cache)
    assert kept
    assert not any("192.0.2.1" in key for key in kept)
