"""Errors told to a Sentry, where SENTRY_DSN names one: the traceback, the view and the request's id, and no more.

sentry-sdk comes with requirements-sentry.txt. No body, cookie, header, query string or value of a variable is sent.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.running import requests
from config.running.logs import scrubbed
from config.version import VERSION


def start(dsn: str, environment: str) -> None:
    """Begin to tell errors; ImproperlyConfigured where the package is not installed."""
    try:
        import sentry_sdk  # noqa: PLC0415 - only where it is asked for
        from sentry_sdk.integrations.celery import CeleryIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.django import DjangoIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn, Dsn  # noqa: PLC0415
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but sentry-sdk is not installed: install requirements-sentry.txt, or unset it."
        ) from None
    try:
        Dsn(dsn)
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN is not what a Sentry gives out: {error}") from None
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=f"imprimatur@{VERSION}",
        default_integrations=False,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            CeleryIntegration(propagate_traces=False),
            LoggingIntegration(level=None),
        ],
        auto_enabling_integrations=False,
        # send_default_pii is off unless it is asked for; naming it is deprecated.
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        server_name="",
        before_send=told,  # type: ignore[arg-type] # an Event is a dict whose keys it names
    )


def told(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """What of an event is sent. For `before_send`."""
    for name in ("request", "user", "breadcrumbs", "extra", "server_name"):
        event.pop(name, None)
    if "logentry" in event:
        # The words of the code alone, without what was put into them.
        event["logentry"] = {"message": event["logentry"].get("message", "")}
    contexts = event.get("contexts") or {}
    event["contexts"] = {name: contexts[name] for name in ("runtime", "trace") if name in contexts}
    event.setdefault("tags", {})["request_id"] = requests.current.get() or "none"
    return _scrubbed(event)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        return {name: _scrubbed(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(one) for one in value]
    return value
