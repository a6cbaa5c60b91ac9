"""How long the search for near-duplicates takes among many articles.

    python benchmarks/alike.py [--articles 100000]

Makes articles with questions put together from the real ones beside the repository, in a new database that is dropped
at the end: SQLite, or PostgreSQL where DATABASE_URL names a server. Prints the milliseconds for a question with rare
words, for one of common words, and for one that is there already.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DATA = ROOT.parent / "shared" / "data"
TITLE = re.compile(r'^title: "(.*)"$', re.MULTILINE)


def questions(folder: Path, count: int) -> list[str]:
    """So many questions: the real ones, and real ones with the last words of others."""
    real = []
    for path in sorted(folder.rglob("*.md")):
        match = TITLE.search(path.read_text(errors="replace")[:500])
        real += [match[1]] if match else []
    chance = random.Random(1)
    made = list(real)
    while len(made) < count:
        one, other = chance.choice(real).split(), chance.choice(real).split()
        made.append(" ".join([*one[: len(one) * 2 // 3], *other[len(other) // 2 :], str(len(made))])[:300])
    return made[:count]


def measure(count: int, folder: Path) -> None:
    from django.db import connection

    from articles import alike
    from articles.models import Article, QuestionWord
    from people.models import User

    owner = User.objects.create_user("bench@example.org", "x" * 20, name="Bench")
    asked = questions(folder, count)
    Article.objects.bulk_create(
        (Article(question=text, slug=f"a-{number}", owner=owner) for number, text in enumerate(asked)), batch_size=2000
    )
    pks = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    QuestionWord.objects.bulk_create(
        (
            QuestionWord(article_id=pk, word=word)
            for pk, text in zip(pks, asked, strict=True)
            for word in alike.words_of(text)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {count:,} articles, {QuestionWord.objects.count():,} words")
    tried = {
        "a real question": [asked[number] for number in range(0, 1300, 65)],
        "a made question": [asked[number] for number in range(2000, count, count // 20)],
        "common words": ["What are the treatments for the syndrome?", "How is the disease inherited in genes?"],
        "nothing alike": ["Does zirconium lessen quokka wheezing?"],
    }
    for name, texts in tried.items():
        times, found = [], 0
        for text in texts:
            began = time.perf_counter()
            found += len(alike.find(Article(question=text), drafts_of=owner.pk))
            times.append(1000 * (time.perf_counter() - began))
        print(f"{name:20} {statistics.median(times):7.1f} ms middle {max(times):7.1f} ms most, {found} found")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    from benchmarks import scratch

    with scratch.migrated():
        measure(options.articles, options.data)


if __name__ == "__main__":
    main()
