"""What a web process counts: requests by view, method and status with their durations, memos and the cache.

Nothing is counted unless METRICS_TOKEN is set. Under gunicorn (config/gunicorn.py) all processes of one server count
in files of one folder, and whichever is asked tells the sum (prometheus_client's multiprocess mode); elsewhere each
process tells of itself alone.
"""

from __future__ import annotations

import os

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

own = CollectorRegistry(auto_describe=False)
"""Of this process."""
REQUESTS = Histogram(
    "imprimatur_request_seconds",
    "Requests that were answered, and how long each took",
    ["view", "method", "status"],
    buckets=BUCKETS,
    registry=own,
)
LOOKS = Counter(
    "imprimatur_page_memo_looks",
    "Looks for an answer's page in a process's memo, by whether it was there",
    ["found"],
    registry=own,
)
CACHE = Counter(
    "imprimatur_cache_looks", "Looks for a value in the cache, by whether it was there", ["found"], registry=own
)


def are_kept() -> bool:
    """Whether anybody may ask for metrics: nothing is counted otherwise."""
    return bool(settings.METRICS_TOKEN)


def method_of(method: str) -> str:
    """The method, or "other": a client chooses the word, and each word would be a series of its own."""
    return method if method in METHODS else "other"


def observe(view: str, method: str, status: int, seconds: float) -> None:
    """Count one request that was answered."""
    REQUESTS.labels(view, method_of(method), str(status)).observe(seconds)


def count_look(found: bool) -> None:
    """Count one look into the memo of pages."""
    if are_kept():
        LOOKS.labels("yes" if found else "no").inc()


def count_cache_look(found: bool) -> None:
    """Count one look into the cache."""
    if are_kept():
        CACHE.labels("yes" if found else "no").inc()


def as_text(*others: Collector) -> bytes:
    """All that is counted, and what the other collectors tell, in Prometheus's text form."""
    registry: CollectorRegistry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    else:
        registry = own
    return generate_latest(registry) + b"".join(generate_latest(_only(other)) for other in others)


def _only(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
