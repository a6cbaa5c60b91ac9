"""Whether the closest passages answer, and whether nothing is shown where nothing is close.

    python -m benchmarks.search_passages [--all]

Asks the questions of tests/articles/search/questions.json, in persons' words, of live answers made of the articles of
`medquad` beside the repository, in a new database: SQLite, or PostgreSQL where DATABASE_URL names a server. The aims:
of 50 that the articles cover the right answer is among the first three for 40; of 50 that they don't cover 45 show no
passage. The constants were chosen on every other question; both halves are told.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.search_articles import DATA, publish, real_articles  # noqa: E402

QUESTIONS = ROOT / "tests" / "articles" / "search" / "questions.json"


def measure(data: Path, show: bool) -> None:
    from django.db import connection

    from articles.search.closest import CLOSE, passages
    from articles.search.index import recount

    for _pk in publish(real_articles(data)):
        pass
    recount()
    questions = json.loads(QUESTIONS.read_text())
    times: list[float] = []
    covered, quiet, levels = [], [], []
    for one in questions["covered"]:
        began = time.perf_counter()
        found = passages(one["question"], least=0)
        times.append(1000 * (time.perf_counter() - began))
        shown = [passage for passage in found if passage.confidence >= CLOSE]
        right = [passage.question in one["answers"] for passage in shown]
        covered.append(any(right))
        levels += [(passage.confidence, passage.question in one["answers"]) for passage in found[:1]]
        if show or not any(right):
            print("covered  ", one["question"], "|", [(passage.confidence, passage.question) for passage in found])
    for question in questions["uncovered"]:
        began = time.perf_counter()
        found = passages(question, least=0)
        times.append(1000 * (time.perf_counter() - began))
        quiet.append(not any(passage.confidence >= CLOSE for passage in found))
        levels += [(passage.confidence, False) for passage in found[:1]]
        if show or not quiet[-1]:
            print("uncovered", question, "|", [(passage.confidence, passage.question) for passage in found])
    print(f"\n{connection.vendor}, {len(times)} questions, {statistics.median(times):.1f} ms in the middle")
    print("| | all | every other | the rest |\n|---|---|---|---|")
    for name, told in (("covered: right answer among the first three", covered), ("not covered: nothing shown", quiet)):
        print(f"| {name} | {sum(told)} of {len(told)} | {sum(told[::2])} | {sum(told[1::2])} |")
    print("\n| confidence of the first | number | right |\n|---|---|---|")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        within = [right for level, right in levels if low <= level < high]
        print(f"| {low:.1f} to {min(high, 1):.1f} | {len(within)} | {sum(within)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="print what was found for each question")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    from benchmarks import scratch

    with scratch.migrated():
        measure(options.data, options.all)


if __name__ == "__main__":
    main()
