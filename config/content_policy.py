"""The Content-Security-Policy of every page: django-csp's words, put together once instead of for each response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


class ContentPolicy(CSPMiddleware):
    """Sets the header of the settings. A response or request that asks for anything else is left to django-csp."""

    _made: tuple[Any, str] | None = None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        policy = settings.CONTENT_SECURITY_POLICY
        is_special = (
            settings.DEBUG
            or getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
            or policy.keys() != {"DIRECTIVES"}
            or HEADER in response
            or getattr(request, "_csp_nonce", None)
            or any(name.startswith("_csp_") for name in vars(response))
        )
        if is_special:
            return super().process_response(request, response)
        if self._made is None or self._made[0] is not policy:
            # In one order: django-csp's own differs from process to process.
            self._made = (policy, "; ".join(sorted(build_policy().split("; "))))
        response[HEADER] = self._made[1]
        return response
