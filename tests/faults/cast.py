"""The people and the answer of a site on which faults are tried, and what they do with it."""

from __future__ import annotations

import secrets

from articles import drafting
from articles.models import Article, Edition
from people import interests
from people.models import Appointment, Role, User
from references.models import Reference
from reviews import workflow

PASSWORD = "a long password for tests"
ROLES = {"author": Role.AUTHOR, "member": Role.BOARD_MEMBER, "editor": Role.EDITOR}


def make(*, articles: int = 1) -> None:
    """One person of each role, three works, and so many drafts of the author's."""
    for name, role in ROLES.items():
        user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.title())
        Appointment.objects.create(user=user, role=role)
        interests.declare(user, {})
    for key in ("alpha", "beta", "gamma"):
        Reference.objects.create(key=key, kind="randomised-trial", title=f"The {key} trial", year=2020)
    for number in range(articles):
        author = who("author")
        article = Article(
            question=f"Does alpha help in beta, case {number}?",
            heading="Yes, a little",
            lead="Alpha helps a little [@alpha].",
            body="## Evidence\n\nTwo trials agree [@beta].\n",
            owner=author,
            byline=[drafting.byline_entry(name=author.name, credentials="MD", user=author)],
        )
        drafting.save(article, by=author, base_version=0)


def who(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def write(article: int) -> Article:
    """Save other words as the article's next version."""
    row = Article.objects.get(pk=article)
    row.body = f"## Evidence\n\nTwo trials agree [@beta]. Round {secrets.token_hex(8)}.\n"
    return drafting.save(row, by=who("author"), base_version=row.version)


def approve(article: int) -> Edition:
    """Write, submit and approve an edition; what was open before is replaced by it."""
    edition = workflow.submit(write(article), by=who("author"))
    workflow.take_up(edition, by=who("member"))
    workflow.decide(edition, by=who("member"), kind="approve", password=PASSWORD)
    return edition


def journey(article: int) -> Edition:
    """From other words to their publication."""
    edition = approve(article)
    workflow.publish(edition, by=who("editor"))
    return edition
