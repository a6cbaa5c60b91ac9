"""The sweep: every 20 seconds it picks up what is due and was not hurried, or whose hurrying was lost."""

from __future__ import annotations

from celery import shared_task

from articles.publishing import compose_due
from people.outbox import send_due


@shared_task
def sweep() -> None:
    """Send due mail and compose due pages. Running it twice, or two at once, does nothing twice."""
    send_due()
    compose_due()
