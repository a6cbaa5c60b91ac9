"""Search in listed answers: an index of our own, the same on SQLite and PostgreSQL, and what is asked of it.

`search` and `suggest` are for people's searches and the API, `passages` for the closest passages of live answers;
`find` gives the publications alone; `follow` is for publishing.
"""

from articles.search.answering import Hit, Results, search
from articles.search.closest import CLOSE, Passage, passages
from articles.search.finding import Filters, Found, Hits, find
from articles.search.index import follow
from articles.search.suggesting import Suggestion, suggest

__all__ = [
    "CLOSE",
    "Filters",
    "Found",
    "Hit",
    "Hits",
    "Passage",
    "Results",
    "Suggestion",
    "find",
    "follow",
    "passages",
    "search",
    "suggest",
]
