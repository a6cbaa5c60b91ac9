"""One stage for the folder: made once in a transaction that is rolled back, so that it costs its time once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.policy import stage as staging


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[staging.Stage]:
    """The cast and the places. Each test rolls back what its requests changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield staging.build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nothing_counted_nor_logged() -> Iterator[None]:
    """Limits begin anew, and the thousands of refusals fill no log."""
    logging.disable(logging.CRITICAL)
    cache.clear()
    yield
    cache.clear()
    logging.disable(logging.NOTSET)
