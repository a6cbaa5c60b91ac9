"""Slugs: made from the question, free of clashes, and remembered for ever once they were public."""

from __future__ import annotations

from django.utils.text import slugify

from articles.models import Article, FormerSlug

LONGEST = 80


def make(question: str) -> str:
    """A slug from the question's words, cut at a word's end; "answer" where no letter is left."""
    slug = slugify(question)
    if len(slug) > LONGEST:
        cut = slug[: LONGEST + 1].rpartition("-")[0]
        slug = cut if len(cut) > LONGEST // 2 else slug[:LONGEST]
    return slug.strip("-_") or "answer"


def free(wanted: str, *, article_id: int | None) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … where another article has or once publicly had it."""
    articles = Article.objects.filter(slug__startswith=wanted).exclude(pk=article_id or 0)
    former = FormerSlug.objects.filter(slug__startswith=wanted).exclude(article=article_id or 0)
    taken = {*articles.values_list("slug", flat=True), *former.values_list("slug", flat=True)}
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
