"""Where Celery looks for this app's tasks."""

from articles.links import check_links

__all__ = ["check_links"]
