"""How long public pages may be kept: a browser asks each time with its ETag, a shared cache keeps them briefly."""

from __future__ import annotations

SHARED_SECONDS = 1
CACHE_CONTROL = f"public, max-age=0, s-maxage={SHARED_SECONDS}, must-revalidate"
