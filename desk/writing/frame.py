"""What every page of one article shows: its head, its tabs, where it stands, and which moves are open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from articles import editions, freezing
from articles.models import Article, Edition
from people.models import User
from reviews import asking, workflow
from reviews.models import OPEN_STATES


def newest_edition(article: Article) -> Edition | None:
    """The last edition made of an article, with its review."""
    return Edition.objects.filter(article=article).select_related("review").order_by("-number").first()


def submission_refusal(article: Article, case: workflow.Case, *, by: User, source_digest: str = "") -> str | None:
    """Why the article as it stands may not be submitted; None where it may. Findings are asked about elsewhere.

    `case` is that of its newest edition, or of an article without one.
    """
    if not source_digest:
        source_digest = editions.digest(editions.canonical(editions.SOURCE, 1, freezing.source_of(article)))
    return workflow.refusal("submit", workflow.submission_of(case, source_digest=source_digest), by=by)


def frame(request: HttpRequest, article: Article, *, tab: str) -> dict[str, Any]:
    """Context of `templates/desk/writing/frame.html`."""
    newest = newest_edition(article)
    publication = getattr(article, "publication", None)
    return {
        "section": "articles",
        "tab": tab,
        "article": article,
        "newest": newest,
        "is_open": bool(newest and newest.review.state in OPEN_STATES),
        "edited_since": bool(newest and article.version > newest.article_version),
        "publication": publication,
        "unanswered": asking.unanswered(article),
    }
