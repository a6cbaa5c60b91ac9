"""The sweep: every 20 seconds it picks up what is due and was not hurried, or whose hurrying was lost."""

from __future__ import annotations

import logging

from celery import shared_task

from articles import autosaves, presence
from articles.publishing import compose_due
from articles.related import relate_due
from articles.search.index import catch_up
from articles.word import taking
from people import digests
from people.outbox import send_due
from people.renewing import remind_to_declare
from references.import_jobs import sweep_imports
from reviews import anchors
from reviews.alerts import react
from reviews.reminding import remind_due, remind_of_invitations, remind_of_reviews
from reviews.workflow import publish_due

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    """Act on news of works, publish what is due, relate answers, compose due pages, write due search entries, remind
    of due dates, invitations, reviews and declarations, write due digests, send due mail, take in what imports wait
    for, forget what was left lying.

    Running it twice, or two at once, does nothing twice.
    """
    react()
    publish_due()
    relate_due()
    compose_due()
    catch_up()
    remind_due()
    remind_of_reviews()
    remind_of_invitations()
    remind_to_declare()
    digests.compose_due()
    send_due()
    sweep_imports()
    taking.drop_old()
    autosaves.forget_old()
    presence.forget_old()


@shared_task
def react_to_events() -> None:
    """Act on news of works now, before the next sweep."""
    react()


@shared_task
def anchor_record() -> None:
    """Keep the head of the chain outside the database, where the settings say. The same head is kept once."""
    try:
        anchors.keep()
    except (anchors.Broken, anchors.Unreadable, OSError) as error:
        log.error("The record was not anchored: %s", error)
