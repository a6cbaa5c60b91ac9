"""Who works on an article: its owner, who stood in its byline, who saved a version; and the editors."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet

from articles.models import Article, Contributor
from people.models import Role, User

KEPT_OUT: list[Callable[[int], frozenset[int]]] = []
"""What says to whom an article, by its key, is closed though their role would let them in. `reviews` adds its rule when
it starts: who takes part in a review is not known here."""


def writes(user: User, article: Article) -> bool:
    """Whether the person is an author of this article: its owner, in its byline, or one who saved a version."""
    return article.owner_id == user.pk or Contributor.objects.filter(article=article, user=user).exists()


def people_of(article: Article) -> QuerySet[User]:
    """Everybody who may open the working text now: editors, and its authors as long as they act as such."""
    editors = User.objects.acting_as(Role.EDITOR).values("pk")
    authors = User.objects.acting_as(Role.AUTHOR).values("pk")
    wrote = Contributor.objects.filter(article=article).values("user")
    writing = Q(pk__in=authors) & (Q(pk=article.owner_id) | Q(pk__in=wrote))
    people = User.objects.filter(Q(pk__in=editors) | Q(is_superuser=True) | writing, is_active=True)
    for closed_for in KEPT_OUT:
        people = people.exclude(pk__in=closed_for(article.pk))
    return people.order_by("name", "pk")
