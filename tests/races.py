"""What tests of races share: jobs begun at once, and the databases on which that shows anything."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from tests.conftest import need


@pytest.fixture(autouse=True)
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("races are tried on PostgreSQL")
    need(True, "PostgreSQL")


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads of their own, begun together; each result is what it returned or raised."""
    barrier = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - the outcome of a race is looked at by the test
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
