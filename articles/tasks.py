"""Where Celery looks for this app's tasks."""

from articles.links import check_links
from articles.publishing import follow_changes
from articles.search.index import recount

__all__ = ["check_links", "follow_changes", "recount"]
