"""Every address × everybody × GET, POST and HEAD, against the policy written by hand in `table.py`."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import get_resolver, resolve, reverse

from tests.policy.stage import WHO, Stage, routes
from tests.policy.table import rows

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
ROWS = list(rows())
WITH_CSRF, WITHOUT_CSRF = ClientHandler(), ClientHandler(enforce_csrf_checks=False)
HEAD_IS_SIGNED_IN_BY_GET = {("admin:login", "superuser")}
"""Django's admin leads who is signed in onward by GET alone."""


def ask(stage: Stage, who: str, method: str, address: str, *, csrf_checks: bool = False) -> HttpResponseBase:
    """One request as the server takes it, of which nothing stays in the database."""
    cookies = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={stage.sessions[who]}"} if who in stage.sessions else {}
    request = RequestFactory().generic(method, address, b"", "application/x-www-form-urlencoded", **cookies)
    with transaction.atomic():
        response = (WITH_CSRF if csrf_checks else WITHOUT_CSRF)(request.environ)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    return response


def test_every_address_has_its_line(stage: Stage) -> None:
    lines = {resolve(stage.address(name)).route.replace("^", "", 1) for name, _method, _answers in ROWS}
    assert {route for route in routes(get_resolver()) if route.replace("^", "", 1) not in lines} == set()
    assert len(ROWS) == 2 * len({name for name, _method, _answers in ROWS})


@pytest.mark.parametrize(("name", "method", "expected"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_who_gets_what_answer(stage: Stage, name: str, method: str, expected: dict[str, int]) -> None:
    address = stage.address(name)
    answers = {who: ask(stage, who, method, address) for who in WHO}
    assert {who: answer.status_code for who, answer in answers.items()} == expected
    if name.startswith("desk:") and expected["outsider"] == 302:
        assert answers["outsider"]["Location"].startswith(reverse("account_login"))
    if method == "GET":
        for who in WHO:
            head = ask(stage, who, "HEAD", address)
            if (name, who) not in HEAD_IS_SIGNED_IN_BY_GET:
                assert head.status_code == expected[who], f"HEAD for the {who}"
            assert head.streaming or head.content == b""


def test_every_form_that_is_taken_needs_its_token(stage: Stage) -> None:
    """The same POST, by somebody whose it is, from the page of another site: 403, whatever the address."""
    tried = []
    for name, method, answers in ROWS:
        refusals = {403, 404, 405} if answers["outsider"] != 302 else {302, 403, 404, 405}
        takers = [who for who, status in answers.items() if status not in refusals]
        if method == "POST" and not name.startswith("readers:"):
            for who in takers[:1]:
                tried.append(name)
                assert ask(stage, who, "POST", stage.address(name), csrf_checks=True).status_code == 403, name
    assert len(tried) > 60
