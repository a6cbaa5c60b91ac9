"""Write a collection of articles as rich as the samples: `python benchmarks/rich.py FOLDER --count 200`.

Real collections have one citation each; these have what an answer of our own has: a bottom line in both registers, five
to nine sections, blocks for audiences, lists, a table, six to twelve works and ten or more clusters. The words are
drawn from a short list and mean nothing. The same seed gives the same files.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

WORDS = (  # noqa: SIM905 - forty quoted words would be harder to read
    "patients treatment evidence risk trial dose adults outcome benefit harm weeks months review guideline symptoms "
    "therapy mortality bleeding renal hepatic function placebo randomised cohort interval confidence clinical care "
    "initial monitoring adverse event hospital admission quality moderate severe mild first second line oral daily"
).split()
KINDS = ("guideline", "systematic-review", "randomised-trial", "cohort", "narrative-review")
TOPICS = ("Cardiology", "Neurology", "Nephrology", "Obstetrics", "Primary care", "Infectious diseases")


def write(folder: Path, count: int, *, seed: int = 1) -> None:
    """Write `count` articles and their works into `folder`."""
    chance = random.Random(seed)
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    works = []
    for number in range(count):
        keys = [f"rich-{number}-{index}" for index in range(chance.randint(6, 12))]
        works += [_work(chance, key) for key in keys]
        (folder / "articles" / f"rich-{number:04}.md").write_text(_article(chance, number, keys), "utf-8")
    (folder / "references.json").write_text(json.dumps(works, indent=1), "utf-8")


def _article(chance: random.Random, number: int, keys: list[str]) -> str:
    cites = _clusters(chance, keys)
    head = {
        "id": f"rich-{number}",
        "title": f"Question {number}: {_sentence(chance, 12).rstrip('.')}?",
        "plain_title": f"Question {number} in plain words: {_sentence(chance, 8).rstrip('.')}?",
        "bottom_line": {"heading": _sentence(chance, 10), "lead": f"{_prose(chance, 4)} {next(cites)}."},
        "plain_bottom_line": {"heading": _sentence(chance, 8), "lead": f"{_prose(chance, 3)} {next(cites)}."},
        "byline": [{"name": "Alma Reyes", "credentials": "MD, MPH"}],
        "searched": "2025-06-30",
        "topics": chance.sample(TOPICS, 2),
        "keywords": chance.sample(WORDS, 3),
        "lang": "en",
    }
    sections = "\n\n".join(_section(chance, index, cites) for index in range(chance.randint(5, 9)))
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in head.items())
    return f"---\n{lines}---\n\n{sections}\n"


def _section(chance: random.Random, index: int, cites: Iterator[str]) -> str:
    """One section: a sentence for all, a professional block with a list or a table, and a plain block."""
    if index % 3 == 2:
        rows = "\n".join(f"| {_sentence(chance, 3)} | {_sentence(chance, 6)} {next(cites)} |" for _row in range(4))
        detail = f"| What | How |\n|---|---|\n{rows}"
    else:
        detail = "\n".join(
            f"- **{chance.choice(WORDS).title()}.** {_prose(chance, 2)} {next(cites)}." for _item in range(4)
        )
    extra = f"\n\n::: pharmacist\n{_prose(chance, 2)}\n:::" if index == 1 else ""
    return (
        f"## {_sentence(chance, 5).rstrip('.')}\n\n{_prose(chance, 2)} {next(cites)}.\n\n"
        f"::: professional\n{_prose(chance, 3)} {next(cites)}.\n\n{detail}\n:::\n\n"
        f"::: plain\n{_prose(chance, 3)} {next(cites)}.\n\n- {_sentence(chance, 8)}\n"
        f"- {_sentence(chance, 8)}\n:::{extra}"
    )


def _clusters(chance: random.Random, keys: list[str]) -> Iterator[str]:
    """Clusters without end: each work once, then one to three works at random."""
    for key in keys:
        yield f"[@{key}]"
    while True:
        yield "[" + "; ".join(f"@{key}" for key in chance.sample(keys, chance.randint(1, 3))) + "]"


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def _prose(chance: random.Random, sentences: int) -> str:
    """Sentences, the last without its full stop, so that a citation may follow."""
    return " ".join(_sentence(chance, chance.randint(10, 22)) for _sentence_number in range(sentences)).rstrip(".")


def _work(chance: random.Random, key: str) -> dict[str, object]:
    return {
        "id": key,
        "type": "article-journal",
        "title": f"{_sentence(chance, 10).rstrip('.')} ({key})",
        "author": [
            {"family": chance.choice(WORDS).title(), "given": "A."},
            {"family": chance.choice(WORDS).title(), "given": "B."},
            {"literal": "et al."},
        ],
        "container-title": "Journal of Generated Results",
        "issued": {"date-parts": [[chance.randint(2005, 2025)]]},
        "volume": str(chance.randint(1, 400)),
        "page": f"{chance.randint(1, 400)}-{chance.randint(401, 800)}",
        "DOI": f"10.5555/{key}",
        "custom": {"kind": chance.choice(KINDS)},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.folder, asked.count, seed=asked.seed)
