"""Where Celery looks for this app's tasks."""

from references.identity.likeness import find_duplicates
from references.import_jobs import read_import, take_import
from references.watching.rounds import watch_library

__all__ = ["find_duplicates", "read_import", "take_import", "watch_library"]
