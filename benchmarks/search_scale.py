"""How long a search takes among many answers.

    python -m benchmarks.search_scale [--answers 100000] [--rounds 300]

Puts together answers from the sentences and questions of the real ones beside the repository, each with an invented
name as new drugs and syndromes have, in a new database that is dropped at the end: SQLite, or PostgreSQL where
DATABASE_URL names a server. The rows of the index come from the index's own code and are written at one go. Then asks
as benchmarks/search_quality.py does, each question once, and prints milliseconds: of `find` (ranking alone, and what of
it is this process's own processor time, without the server's), of `search` (a page of ten with its excerpts), of
`suggest` after a beginning, and of `passages`.
"""

from __future__ import annotations

import argparse
import datetime
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.search_articles import DATA, Real, real_articles  # noqa: E402

SYLLABLES = tuple(
    consonant + vowel
    for consonant in ("b", "br", "c", "cl", "d", "f", "gl", "l", "m", "n", "pr", "r", "s", "t", "v", "x", "z")
    for vowel in "aeio"
)
ENDINGS = (
    "mab",
    "nib",
    "pril",
    "sartan",
    "statin",
    "vir",
    "zole",
    "mycin",
    "cillin",
    "olol",
    "oma",
    "itis",
    "osis",
    "emia",
)
SENTENCES = 7


def made(real: list[Real], count: int) -> Iterator[Real]:
    """So many answers of the words of real ones, always the same."""
    chance = random.Random(11)
    sentences = [
        sentence
        for one in real
        for part in one.paragraphs
        for sentence in re.split(r"(?<=[.?!])\s+", part)
        if 5 <= len(sentence.split()) <= 40
    ]
    for number in range(count):
        name = "".join(chance.choices(SYLLABLES, k=3)) + chance.choice(ENDINGS)
        one, other = chance.choice(real), chance.choice(real)
        begins = one.question.split()
        title = (
            " ".join([*begins[: max(3, len(begins) * 2 // 3)], "in", name, *other.question.rstrip("?").split()[-2:]])
            + "?"
        )
        text = chance.sample(sentences, SENTENCES)
        text.insert(3, f"{name.capitalize()} was looked at in {text[0].split()[-1]}")
        half = SENTENCES // 2
        yield Real(
            f"made-{number}", title[:300], text[0], other.keywords, (" ".join(text[:half]), " ".join(text[half:]))
        )


def build(count: int, data: Path) -> list[Real]:
    from django.db import connection

    from articles.editions import Frozen
    from articles.models import Article, Edition, Publication, SearchEntry, Standing
    from articles.search import index
    from articles.search.weighing import impacts
    from benchmarks.search_articles import frozen_of, source_of
    from people.models import User

    began = time.perf_counter()
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    by = User.objects.create(email="bench@example.org", name="Bench")
    answers = list(made(real_articles(data), count))
    Article.objects.bulk_create(
        (Article(pk=number, question=one.question, slug=one.name, owner=by) for number, one in enumerate(answers, 1)),
        batch_size=2000,
    )
    edition = Edition.objects.create(
        article_id=1, number=1, article_version=1, question="", source=b"", frozen=b"", source_digest="",
        digest="0" * 64, created_at=at, created_by=by,
    )  # fmt: skip
    Publication.objects.bulk_create(
        (
            Publication(
                pk=number, article_id=number, edition=edition, standing=Standing.LIVE, slug=one.name,
                statement={"state": "approved", "editions": []}, question=one.question, summary=one.summary,
                first_published_at=at, published_at=at, reviewed_at=at, composer="",
            )
            for number, one in enumerate(answers, 1)
        ),
        batch_size=2000,
    )  # fmt: skip
    words: set[str] = set()
    table, many = "articles_searchposting", 2000
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE unsorted (word bigint, impact smallint, publication_id bigint)")
        for start in range(0, count, many):
            rows, entries = [], []
            for number, one in enumerate(answers[start : start + many], start + 1):
                frozen = Frozen(source=source_of(one), frozen=frozen_of(one), digest="")
                entry = index.entry_of(Publication(pk=number, summary=one.summary), frozen)
                fields = index.fields_of(entry)
                entries.append(entry)
                words.update(word for some in fields.values() for word in some)
                rows += [(word, impact, number) for word, impact in impacts(fields).items()]
            SearchEntry.objects.bulk_create(entries, batch_size=500)
            if is_sqlite:
                cursor.executemany("INSERT INTO unsorted VALUES (%s, %s, %s)", rows)
            else:
                with cursor.copy("COPY unsorted FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        columns = "word, impact, publication_id"
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM unsorted ORDER BY {columns}")  # noqa: S608
        cursor.execute("DROP TABLE unsorted")
    index.learn(words)
    index.recount()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        postings = cursor.fetchone()[0]
    print(
        f"{connection.vendor}: {count:,} answers, {postings:,} postings, {len(words):,} words, "
        f"made in {time.perf_counter() - began:.0f} s"
    )
    return answers


def measure(count: int, rounds: int, data: Path) -> None:
    from articles import search
    from benchmarks.search_quality import KINDS

    answers = build(count, data)
    chance = random.Random(3)
    asked = chance.sample(answers, min(rounds, len(answers)))
    print("| asked by | number | found first | find p50 ms | p95 ms | of it CPU p50 | p95 | search p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    every: tuple[list[float], list[float], list[float], list[bool]] = ([], [], [], [])
    for kind, make in KINDS.items():
        queries = [(make(chance, one), one) for one in asked]
        queries = [(query, one) for query, one in queries if query]
        finding, computing, searching, first = [], [], [], []
        for query, one in queries:
            began, spent = time.perf_counter(), time.process_time()
            found = search.find(query, limit=10)
            computing.append(1000 * (time.process_time() - spent))
            finding.append(1000 * (time.perf_counter() - began))
            first.append(bool(found.found) and found.found[0].publication.slug == one.name)
            began = time.perf_counter()
            search.search(query, limit=10)
            searching.append(1000 * (time.perf_counter() - began))
        if queries:
            _tell(kind, finding, computing, searching, first)
        for whole, part in zip(every, (finding, computing, searching, first), strict=True):
            whole.extend(part)  # type: ignore[arg-type]
    _tell("all", *every)
    print("\n| | number | p50 ms | p95 ms |\n|---|---|---|---|")
    typed = [one.question[: chance.randrange(3, 30)] for one in asked]
    for name, do, texts in (
        ("suggest", search.suggest, typed),
        ("passages", search.passages, [KINDS["rambling"](chance, one) for one in asked[:100]]),
    ):
        times = []
        for text in texts:
            began = time.perf_counter()
            do(text)
            times.append(1000 * (time.perf_counter() - began))
        print(f"| {name} | {len(times)} | {statistics.median(times):.1f} | {_p95(times):.1f} |")


def _tell(kind: str, finding: list[float], computing: list[float], searching: list[float], first: list[bool]) -> None:
    print(
        f"| {kind} | {len(finding)} | {sum(first) / len(first):.2f} "
        f"| {statistics.median(finding):.1f} | {_p95(finding):.1f} "
        f"| {statistics.median(computing):.1f} | {_p95(computing):.1f} "
        f"| {statistics.median(searching):.1f} | {_p95(searching):.1f} |",
        flush=True,
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    from benchmarks import scratch

    with scratch.migrated():
        measure(options.answers, options.rounds, options.data)


if __name__ == "__main__":
    main()
