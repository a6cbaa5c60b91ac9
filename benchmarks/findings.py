"""What the checks find in the real articles beside the repository, and how long they take.

    python benchmarks/findings.py [--sample 50 --seed 1] [--only CODE] [--data articles/sample]

Prints for each check how many findings and in how many articles, the share of cited claims, and the milliseconds of CPU
that the checks take for each article and for texts of 10 and 60 kB. `--sample` prints as many findings at random, to be
read by eye; `--only` prints every finding of one check.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DATA = ROOT.parent / "shared" / "data"
SIZES = (10_000, 60_000)


def articles(folder: Path) -> list[tuple[str, Any, dict[str, Any]]]:
    """Each article of a folder: its name, its draft and the works of its collection by key."""
    from articles.interchange.reading import parse_article
    from references.formats.csl import from_csl
    from references.models import Reference

    found = []
    is_collection = (folder / "references.json").exists()
    for collection in [folder] if is_collection else sorted(path for path in folder.iterdir() if path.is_dir()):
        works = {}
        for item in json.loads((collection / "references.json").read_text()):
            work = from_csl(item)
            works[item["id"]] = Reference(
                key=item["id"], kind=work.kind, title=work.title, year=work.year, url=work.url or ""
            )
        for path in sorted((collection / "articles").glob("*.md")):
            found.append((path.name, parse_article(path.read_bytes()), works))
    return found


def view(draft: Any, works: dict[str, Any], *, laid_out: bool = True) -> tuple[Any, float]:
    """The view of a draft, without a database, and the CPU seconds that cutting it into blocks took."""
    from articles.checks.view import view_of
    from articles.markup.door import render

    rendering = None
    if laid_out:
        rendering = render(body=draft.body, lead=draft.lead, plain_lead=draft.plain_lead, known=works.keys())
    fields = {
        "question": draft.question,
        "plain_question": draft.plain_question,
        "heading": draft.heading,
        "lead": draft.lead,
        "plain_heading": draft.plain_heading,
        "plain_lead": draft.plain_lead,
        "body": draft.body,
    }
    began = time.process_time()
    seen = view_of(
        fields,
        rendering=rendering,
        byline=["somebody"],
        searched_on=datetime.date(2026, 1, 1),
        today=datetime.date(2026, 11, 25),
        works=[works[key] for key in rendering.cited] if rendering else [],
        addresses={},
    )
    return seen, time.process_time() - began


def long_text(drafts: list[Any], size: int) -> str:
    """A text of about this many bytes, of real paragraphs in both registers."""
    parts, length, number = [], 0, 0
    while length < size:
        body = drafts[number % len(drafts)].body
        part = f"## Part {number}\n\n{body}\n\n::: plain\n{body[: len(body) // 3]}\n:::\n"
        parts.append(part)
        length += len(part)
        number += 1
    return "\n".join(parts)[:size].rsplit("\n\n", 1)[0]


def measure(drafts: list[Any], works: dict[str, Any]) -> None:
    from dataclasses import replace

    from articles.checks import CHECKS, run

    for size in SIZES:
        draft = replace(drafts[0], body=long_text(drafts, size))
        seen, cutting = view(draft, works, laid_out=False)
        times = []
        for _round in range(5):
            fresh, cutting = view(draft, works, laid_out=False)
            began = time.process_time()
            run(fresh)
            times.append(time.process_time() - began + cutting)
        print(f"{size // 1000} kB: {1000 * min(times):.0f} ms best, {1000 * statistics.median(times):.0f} ms middle")
        fresh, cutting = view(draft, works, laid_out=False)
        costs = {"cutting into blocks": cutting}
        for check in CHECKS:
            began = time.process_time()
            list(check(fresh))
            costs[check.__module__.rpartition(".")[2]] = time.process_time() - began
        named = sorted(costs.items(), key=lambda item: -item[1])[:6]
        print("    " + ", ".join(f"{name} {1000 * cost:.0f}" for name, cost in named))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from articles.checks import run

    found, spent = [], []
    counts: Counter[str] = Counter()
    of_articles: Counter[str] = Counter()
    claims = cited = 0
    everything = articles(options.data)
    for name, draft, works in everything:
        seen, cutting = view(draft, works)
        began = time.process_time()
        report = run(seen)
        spent.append(time.process_time() - began + cutting)
        claims, cited = claims + report.claims, cited + report.cited
        counts.update(one.code for one in report.findings)
        of_articles.update({one.code for one in report.findings})
        found += [(name, one) for one in report.findings]
    print(f"{len(everything):,} articles, {claims:,} claims, {cited:,} cited")
    print(f"{'':20} {'severity':10} {'findings':>9} {'articles':>9}")
    severity = {one.code: one.severity for _name, one in found}
    for code, number in counts.most_common():
        print(f"{code:20} {severity[code]:10} {number:9,} {of_articles[code]:9,}")
    print(f"CPU for each article: {1000 * statistics.median(spent):.1f} ms middle, {1000 * max(spent):.0f} ms most")
    measure([draft for _name, draft, _works in everything if len(draft.body) > 1500], everything[0][2])
    if options.only:
        found = [pair for pair in found if pair[1].code == options.only]
    elif options.sample:
        found = random.Random(options.seed).sample(found, min(options.sample, len(found)))
    if options.only or options.sample:
        for number, (name, one) in enumerate(found, 1):
            print(
                f"\n{number}. {one.code} | {name} | {one.field} {one.line}\n   {one.message}\n   > {one.excerpt[:300]}"
            )


if __name__ == "__main__":
    main()
