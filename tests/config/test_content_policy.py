"""The policy that is put together once is django-csp's own, and what asks for another gets that."""

from __future__ import annotations

import csp.middleware
import pytest
from csp.constants import HEADER, NONCE, SELF
from csp.decorators import csp_exempt, csp_update
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import content_policy
from config.content_policy import ContentPolicy


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"a page with {request.csp_nonce}")  # type: ignore[attr-defined]


def with_its_own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page", headers={HEADER: "default-src 'none'"})


def directives(middleware, view) -> set[str]:
    header = middleware(view)(RequestFactory().get("/")).headers.get(HEADER, "")
    return {part.strip() for part in header.split(";")}


@pytest.mark.parametrize(
    "view", [plain, with_its_own, csp_exempt()(plain), csp_update({"img-src": ["https://images.example.org"]})(plain)]
)
def test_it_says_what_django_csp_says(view) -> None:
    assert directives(ContentPolicy, view) == directives(csp.middleware.CSPMiddleware, view)


def test_it_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    build = content_policy.build_policy
    monkeypatch.setattr(content_policy, "build_policy", lambda: made.append(1) or build())
    middleware = ContentPolicy(plain)
    headers = {middleware(RequestFactory().get("/")).headers[HEADER] for _time in range(3)}
    assert (len(headers), len(made)) == (1, 1)
    assert "script-src 'self'" in headers.pop()


def test_other_settings_are_other_words(settings) -> None:
    middleware = ContentPolicy(plain)
    before = middleware(RequestFactory().get("/")).headers[HEADER]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": [SELF], "script-src": [SELF, NONCE]}}
    after = middleware(RequestFactory().get("/")).headers[HEADER]
    assert "default-src 'none'" in before
    assert "default-src 'self'" in after
    with_one = ContentPolicy(with_nonce)(RequestFactory().get("/"))
    nonce = with_one.content.decode().removeprefix("a page with ")
    assert f"'nonce-{nonce}'" in with_one.headers[HEADER]
