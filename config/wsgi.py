"""The web server's entry point.

Every view is loaded here, before the first request: under gunicorn's --preload all workers then share one copy. What is
loaded stays, so that the collector of garbage need not look at it again, which would copy it into each worker.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - asked for what reading it loads
gc.collect()
gc.freeze()
