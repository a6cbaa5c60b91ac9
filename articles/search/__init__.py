"""Search in listed answers: an index of our own, the same on SQLite and PostgreSQL, and what is asked of it.

`find` and `suggest` are for people's searches, `passages` for the closest passages of live answers.
"""

from articles.search.finding import Filters, Found, Hits, find
from articles.search.index import follow

__all__ = ["Filters", "Found", "Hits", "find", "follow"]
