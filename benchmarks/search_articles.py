"""Live answers for the search benchmarks, made of the real articles beside the repository without their editing.

What search reads is made by its own code from each article's texts; nobody wrote, reviewed or published them.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_LINE = re.compile(r"^(title|description|keywords): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Real:
    """One article: its question, short answer, keywords and paragraphs."""

    name: str
    question: str
    summary: str
    keywords: tuple[str, ...]
    paragraphs: tuple[str, ...]


def real_articles(data: Path = DATA, collection: str = "medquad") -> list[Real]:
    """The articles of a collection, in the order of their files; SystemExit where the folder is absent."""
    import json

    folder = data / collection / "articles"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not here.")
    found = []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text()
        head = _HEAD.match(text)
        assert head, path
        said = {name: json.loads(value) for name, value in _LINE.findall(head[1])}
        body = re.sub(r"\s*\[@[^\]]*\]", "", text[head.end() :])
        paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", body) if part.strip())
        found.append(
            Real(path.stem, said["title"], said.get("description", ""), tuple(said.get("keywords", ())), paragraphs)
        )
    return found


def publish(articles: list[Real]) -> Iterator[int]:
    """Make a live answer of each, in the database as it stands; yields the publications' numbers in order."""
    from articles.editions import Frozen
    from articles.models import Article, Edition, Publication, Standing
    from articles.search import index
    from people.models import User

    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    by, _made = User.objects.get_or_create(email="bench@example.org", defaults={"name": "Bench"})
    for number, one in enumerate(articles, start=1):
        article = Article.objects.create(question=one.question[:300], slug=f"{one.name}-{number}"[:120], owner=by)
        edition = Edition.objects.create(
            article=article, number=1, article_version=1, question=article.question, source=b"", frozen=b"",
            source_digest="", digest=f"{number:064}", created_at=at, created_by=by,
        )  # fmt: skip
        publication = Publication.objects.create(
            article=article, edition=edition, standing=Standing.LIVE, slug=article.slug,
            statement={"state": "approved", "editions": []}, question=article.question, summary=one.summary,
            first_published_at=at, published_at=at, reviewed_at=at, composer="",
        )  # fmt: skip
        index.follow(publication, Frozen(source=source_of(one), frozen=frozen_of(one), digest=edition.digest))
        yield publication.pk


def source_of(one: Real) -> dict[str, object]:
    """What search reads of an edition's source."""
    empty = {"heading": "", "lead": ""}
    return {
        "question": one.question[:300],
        "plain_question": "",
        "bottom_line": empty,
        "plain_bottom_line": empty,
        "topics": [],
        "keywords": list(one.keywords),
    }


def frozen_of(one: Real) -> dict[str, object]:
    """What search reads of an edition's frozen text."""
    body = "".join(f"<p>{html.escape(part)}</p>" for part in one.paragraphs)
    return {
        "lead": f"<p>{html.escape(one.summary)}</p>" if one.summary else "",
        "plain_lead": "",
        "texts": [{"html": body, "plain": "\n".join(one.paragraphs)}],
        "text_of": {"general": 0},
    }
