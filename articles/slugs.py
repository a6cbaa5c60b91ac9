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
    articles = Article.objects.exclude(pk=article_id or 0).order_by()
    former = FormerSlug.objects.exclude(article=article_id or 0)
    # Nearly always free: asked by the index first, before all addresses that begin alike are read.
    if not articles.filter(slug=wanted).exists() and not former.filter(slug=wanted).exists():
        return wanted
    taken = {
        slug
        for rows in (articles, former)
        for slug in rows.filter(slug__startswith=wanted).values_list("slug", flat=True)
    }
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
