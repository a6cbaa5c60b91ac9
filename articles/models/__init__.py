"""Tables of the answers, by subject: drafting, editions, what is public, and the site's own texts."""

from articles.models.drafting import Article, Citation, Contributor, Topic
from articles.models.editions import Edition
from articles.models.public import (
    FormerSlug,
    LivePage,
    Notice,
    NoticeKind,
    Publication,
    SearchEntry,
    Standing,
)
from articles.models.site import Site

__all__ = [
    "Article",
    "Citation",
    "Contributor",
    "Edition",
    "FormerSlug",
    "LivePage",
    "Notice",
    "NoticeKind",
    "Publication",
    "SearchEntry",
    "Site",
    "Standing",
    "Topic",
]
