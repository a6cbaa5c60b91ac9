"""Search in listed answers: a small backend of our own, FTS5 on SQLite and a text search index on PostgreSQL.

The index follows each publication in the same transaction, and holds only what lists may name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from articles.editions import Frozen
from articles.models import Publication, SearchEntry, Standing

COLUMNS = ("title", "summary", "text", "words")
WEIGHTS = (8.0, 4.0, 1.0, 4.0)
"""How much a hit in each of COLUMNS counts."""
MOST_WORDS = 24
WORD = re.compile(r"\w+", re.UNICODE)

CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5(title, summary, text, words, "
    "content='articles_searchentry', content_rowid='publication_id', "
    'tokenize="porter unicode61 remove_diacritics 2")'
)
VECTOR = (
    "(setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B') || "
    "setweight(to_tsvector('english', words), 'B') || setweight(to_tsvector('english', text), 'D'))"
)
CREATE_POSTGRESQL = (
    f"CREATE INDEX IF NOT EXISTS articles_searchentry_vector ON articles_searchentry USING gin ({VECTOR})"
)


@dataclass(frozen=True)
class Hits:
    """One page of results, best first, and how many there are in all."""

    publications: list[Publication]
    total: int


def follow(publication: Publication, frozen: Frozen) -> None:
    """Bring the index in step with the publication, inside the caller's transaction."""
    if publication.standing not in {Standing.LIVE, Standing.CAUTION}:
        _forget(publication.pk)
        SearchEntry.objects.filter(pk=publication.pk).delete()
        return
    source = frozen.source
    texts = dict.fromkeys(text["plain"] for text in frozen.frozen["texts"])
    _forget(publication.pk)
    entry = SearchEntry(
        publication=publication,
        title="\n".join(filter(None, [source["question"], source["plain_question"]])),
        summary="\n".join(
            filter(
                None,
                [
                    source["bottom_line"]["heading"],
                    publication.summary,
                    source["plain_bottom_line"]["heading"],
                    publication.plain_summary,
                ],
            )
        ),
        text="\n".join(texts),
        words="\n".join([*source["topics"], *source["keywords"]]),
    )
    SearchEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["publication"], update_fields=list(COLUMNS)
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_search (rowid, title, summary, text, words) VALUES (%s, %s, %s, %s, %s)",
                [publication.pk, entry.title, entry.summary, entry.text, entry.words],
            )


def _forget(pk: int) -> None:
    """Take an entry out of the FTS5 index, which asks for the very words that were put in."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_search (articles_search, rowid, title, summary, text, words) "
            "SELECT 'delete', publication_id, title, summary, text, words FROM articles_searchentry "
            "WHERE publication_id = %s",
            [pk],
        )


def find(query: str, *, limit: int = 20, offset: int = 0) -> Hits:
    """Listed answers that hold any word of the query, best first. No word gives no hit; no text can break it."""
    words = list(dict.fromkeys(word.casefold() for word in WORD.findall(query)))[:MOST_WORDS]
    if not words:
        return Hits([], 0)
    found = _sqlite(words) if connection.vendor == "sqlite" else _postgresql(words)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({found.sql}) AS hits", found.params)  # noqa: S608 - our own SQL
        total = cursor.fetchone()[0]
        cursor.execute(f"{found.sql} ORDER BY score, pk LIMIT %s OFFSET %s", [*found.params, limit, offset])
        pks = [row[0] for row in cursor.fetchall()]
    rows = Publication.objects.listed().in_bulk(pks)
    return Hits([rows[pk] for pk in pks if pk in rows], total)


@dataclass(frozen=True)
class _Query:
    sql: str
    params: list[str]


def _sqlite(words: list[str]) -> _Query:
    match = " OR ".join(f'"{word}"' for word in words)
    weights = ", ".join(str(weight) for weight in WEIGHTS)
    return _Query(
        f"SELECT rowid AS pk, bm25(articles_search, {weights}) AS score FROM articles_search "  # noqa: S608
        "WHERE articles_search MATCH %s",
        [match],
    )


def _postgresql(words: list[str]) -> _Query:
    any_word = " || ".join("plainto_tsquery('english', %s)" for _word in words)
    return _Query(
        f"SELECT publication_id AS pk, -ts_rank_cd({VECTOR}, query, 1) AS score "  # noqa: S608
        f"FROM articles_searchentry, (SELECT {any_word} AS query) AS asked WHERE {VECTOR} @@ query",
        list(words),
    )
