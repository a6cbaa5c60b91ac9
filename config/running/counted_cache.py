"""The cache backends, with their looks counted: in use where METRICS_TOKEN is set."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from config.running import metrics

_NOTHING = object()


class _Counted:
    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        value = super().get(key, default=_NOTHING, version=version)  # type: ignore[misc] # of the backend beside it
        metrics.count_cache_look(value is not _NOTHING)
        return default if value is _NOTHING else value


class CountedRedis(_Counted, RedisCache):
    """Redis."""


class CountedMemory(_Counted, LocMemCache):
    """The memory of one process."""
