"""The sweep of readers' questions: it tells askers what became public, and erases what may be kept no longer."""

from __future__ import annotations

from celery import shared_task

from readers import hearing, triage


@shared_task
def sweep_questions() -> None:
    """Run every minute; twice, or two at once, does nothing twice."""
    triage.tell_due()
    triage.erase_due()
    hearing.erase_due()
