"""The system checks name a setting that would send questions astray."""

from __future__ import annotations

from typing import Any

import pytest

from references.web.checks import check_services


def ids() -> list[str]:
    return [str(each.id) for each in check_services()]


def test_the_defaults_are_sound():
    assert ids() == []


@pytest.mark.parametrize("name", ["CROSSREF_URL", "EUTILS_URL", "DATACITE_URL"])
@pytest.mark.parametrize("value", ["", "http://api.crossref.org", "api.crossref.org", "https://", "https://x:port"])
def test_a_base_address_must_be_https(settings: Any, name: str, value: str):
    setattr(settings, name, value)
    [error] = check_services()
    assert error.id == "references.E001"
    assert error.msg.startswith(f"{name} is {value!r}")


def test_a_private_host_is_named_but_not_under_debug(settings: Any):
    settings.LOOKUP_PRIVATE_HOSTS = ["127.0.0.1:9009"]
    settings.CROSSREF_URL = "http://127.0.0.1:9009/crossref"
    assert ids() == ["references.W001"]
    settings.DEBUG = True
    assert ids() == []


@pytest.mark.parametrize("entry", ["127.0.0.1", "http://127.0.0.1:80", "localhost:", "a b:80"])
def test_an_exception_is_a_host_and_a_port(settings: Any, entry: str):
    settings.DEBUG = True
    settings.LOOKUP_PRIVATE_HOSTS = [entry]
    assert ids() == ["references.E002"]
