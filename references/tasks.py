"""Where Celery looks for this app's tasks."""

from references.import_jobs import read_import, take_import

__all__ = ["read_import", "take_import"]
