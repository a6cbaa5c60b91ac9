"""Where Celery looks for this app's tasks."""

from articles.links import check_links
from articles.search.index import recount

__all__ = ["check_links", "recount"]
