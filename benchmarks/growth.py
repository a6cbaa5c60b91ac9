"""`python -m benchmarks.growth [--answers 1000 10000]`: how the public pages' times grow with the number of answers.

Each size gets a new database that is dropped at the end: SQLite, or PostgreSQL where DATABASE_URL names a server. The
answers are those of benchmarks/search_scale.py, under topics, each with finished pages for two audiences of the size
that real ones have. Whole requests go through the middleware in one process that keeps nothing between them. Prints the
best and the middle of milliseconds, and the middle's ratio to that of the first size; `find` is the ranking alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

TOPICS, OF_AN_ANSWER = 120, 2
PAGE_BYTES = 6000
"""What a finished page has when it is packed."""


def fill(count: int) -> list[Any]:
    """Lay so many answers with their topics and pages; what they were made of."""
    from django.db import connection
    from django.utils import timezone

    from articles.models import Edition, LivePage, Publication, Topic
    from benchmarks import search_scale

    answers = search_scale.build(count, search_scale.DATA)
    chance = random.Random(7)
    above = [Topic.objects.create(name=f"Field {number}", slug=f"field-{number}") for number in range(TOPICS // 10)]
    topics = [
        Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}", parent=above[number % len(above)])
        for number in range(TOPICS - len(above))
    ]
    placed = Publication.topics.through
    placed.objects.bulk_create(
        (
            placed(publication_id=number, topic_id=topic.pk)
            for number in range(1, count + 1)
            for topic in chance.sample(topics, OF_AN_ANSWER)
        ),
        batch_size=2000,
    )
    edition, now = Edition.objects.get(), timezone.now()
    LivePage.objects.bulk_create(
        (
            LivePage(
                path=one.name, audience=audience, article_id=number, edition=edition, http_status=200, noindex=False,
                body=chance.randbytes(PAGE_BYTES), etag=f"{number:032}", composed_at=now,
            )
            for number, one in enumerate(answers, 1)
            for audience in ("", "patient")
        ),
        batch_size=200,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return answers


def measure(count: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page and of a search, with the number of its queries last."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from articles import search

    answers = fill(count)
    client, chance = Client(), random.Random(9)

    def words() -> str:
        return " ".join(chance.sample(chance.choice(answers).question.rstrip("?").split(), 3))

    pages: dict[str, Callable[[], str]] = {
        "answer": lambda: f"/answers/{chance.choice(answers).name}/",
        "answer, known (304)": lambda: f"/answers/{chance.choice(answers).name}/?for=patient",
        "home": lambda: "/",
        "list, first page": lambda: "/answers/",
        "list, middle page": lambda: f"/answers/?page={count // 100}",
        "topics": lambda: "/topics/",
        "a topic": lambda: f"/topics/topic-{chance.randrange(100)}/",
        "search page": lambda: f"/search/?q={words()}",
        "suggestions": lambda: f"/search/suggestions.json?q={words()}",
        "feed": lambda: "/feeds/answers.atom",
        "sitemap": lambda: "/sitemap-0.xml",
    }
    times: dict[str, list[float]] = {}
    for name, address in pages.items():
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": "*"} if "304" in name else {})
        client.get(address(), headers=headers)
        taken = []
        for _round in range(rounds):
            asked = address()
            began = time.perf_counter()
            response = client.get(asked, headers=headers)
            taken.append(1000 * (time.perf_counter() - began))
            assert response.status_code in {200, 304}, (asked, response.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(), headers=headers)
        times[name] = [min(taken), statistics.median(taken), len(queries)]
    taken = []
    for _round in range(rounds * 2):
        query = words()
        began = time.perf_counter()
        search.find(query, limit=10)
        taken.append(1000 * (time.perf_counter() - began))
    times["find"] = [min(taken), statistics.median(taken), 0]
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    if len(options.answers) == 1:
        from benchmarks import scratch

        with scratch.migrated():
            print(json.dumps(measure(options.answers[0], options.rounds)))
        return 0
    seen: dict[int, dict[str, list[float]]] = {}
    for count in options.answers:
        command = [sys.executable, "-m", "benchmarks.growth", "--answers", str(count), "--rounds", str(options.rounds)]
        done = subprocess.run(command, env=dict(os.environ), stdout=subprocess.PIPE, text=True, check=True)
        *said, last = done.stdout.splitlines()
        print("\n".join(said), flush=True)
        seen[count] = json.loads(last)
    first = options.answers[0]
    print(f"| ms | queries | {' | '.join(f'{count:,}: best | middle | ratio' for count in options.answers)} |")
    print("|---|---|" + "---|---|---|" * len(options.answers))
    for name, (*_times, queries) in seen[first].items():
        cells = []
        for count in options.answers:
            best, middle, _queries = seen[count][name]
            cells.append(f"{best:.1f} | {middle:.1f} | {middle / seen[first][name][1]:.2f}")
        print(f"| {name} | {queries:.0f} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
