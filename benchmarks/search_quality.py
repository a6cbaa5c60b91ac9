"""How well search finds real answers, and how quickly, on one database.

    python -m benchmarks.search_quality [--half tune|report] [--worst KIND]

Makes live answers of the articles of `medquad` beside the repository in a new database (SQLite, or PostgreSQL where
DATABASE_URL names a server), and asks for them in six ways that are made of the articles themselves by chance with a
fixed seed. Articles whose question another one asks too are one target: either is right. Constants were chosen on the
half `tune`; the figures told are of the other half, whose articles no choice was made on.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.search_articles import DATA, Real, publish, real_articles  # noqa: E402

GLOSSARY = {
    "hypertension": "high blood pressure",
    "renal": "kidney",
    "hepatic": "liver",
    "myocardial infarction": "heart attack",
    "neoplasm": "tumor",
    "carcinoma": "cancer",
    "pruritus": "itching",
    "edema": "swelling",
    "dyspnea": "shortness of breath",
    "pyrexia": "fever",
    "anemia": "low red blood cell count",
    "leukemia": "blood cancer",
    "nephrolithiasis": "kidney stones",
    "cerebrovascular accident": "stroke",
    "varicella": "chickenpox",
    "pertussis": "whooping cough",
    "rubeola": "measles",
    "epistaxis": "nosebleed",
    "alopecia": "hair loss",
    "hyperhidrosis": "excessive sweating",
    "urticaria": "hives",
    "dysphagia": "trouble swallowing",
    "syncope": "fainting",
    "cutaneous": "skin",
    "ocular": "eye",
    "cardiac": "heart",
    "pulmonary": "lung",
    "neuropathy": "nerve damage",
    "osteoporosis": "brittle bones",
    "arthritis": "joint inflammation",
    "diabetes mellitus": "diabetes",
    "gastroesophageal reflux": "acid reflux",
    "nephropathy": "kidney disease",
    "myopathy": "muscle disease",
    "cardiomyopathy": "heart muscle disease",
    "encephalopathy": "brain disease",
    "thrombocytopenia": "low platelets",
    "hypoglycemia": "low blood sugar",
    "hyperglycemia": "high blood sugar",
    "congenital": "present at birth",
    "inherited": "passed down in families",
    "prognosis": "outlook",
    "susceptible": "at risk",
}
"""Terms and their plain wording, put in force before anything is asked."""
_RAMBLE = (
    "My mother has been worrying about this for weeks and her doctor did not have much time. {}",
    "Hi, I am sorry if this is a silly thing to ask but I could not sleep last night. {} Thank you so much.",
    "A friend told me about this yesterday and I would like to understand it better. {}",
    "We just came back from the hospital. {} Nobody there explained it to us.",
)
_WORD = re.compile(r"[A-Za-z]{5,}")


def dropped(chance: random.Random, one: Real) -> str:
    """The question with a third of its words dropped."""
    words = re.findall(r"\S+", one.question)
    gone = set(chance.sample(range(len(words)), len(words) // 3))
    return " ".join(word for at, word in enumerate(words) if at not in gone)


def misspelt(chance: random.Random, one: Real) -> str:
    """The question with two of its longer words misspelt, each by one step, or by two where it is long."""
    words = sorted({match[0] for match in _WORD.finditer(one.question)}, key=_longest_last)[-2:]
    text = one.question
    for word in words:
        wrong = word
        for _step in range(2 if len(word) > 9 else 1):
            wrong = _step_away(chance, wrong)
        text = text.replace(word, wrong)
    return text


def _longest_last(word: str) -> tuple[int, str]:
    """In one order in every run: words of one length by their letters."""
    return len(word), word


def _step_away(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice("aeiou" if word[at] in "aeiouy" else "bcdfgklmnprst") + word[at + 1 :],
        ]
    )


def paraphrased(chance: random.Random, one: Real) -> str:
    """The question with the glossary's terms in the other wording; nothing where it holds none."""
    text = one.question
    for term, plain in GLOSSARY.items():
        for here, there in ((term, plain), (plain, term)):
            changed = re.sub(rf"(?i)\b{here}\b", there, text)
            if changed != text:
                return changed
    return ""


def sentence(chance: random.Random, one: Real) -> str:
    """A sentence from the middle of the text."""
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", " ".join(one.paragraphs)) if len(part.split()) >= 8]
    return " ".join(sentences[len(sentences) // 2].split()[:40]) if len(sentences) > 2 else ""


def rambling(chance: random.Random, one: Real) -> str:
    """The question with a word misspelt, within sentences about somebody's life."""
    words = sorted({match[0] for match in _WORD.finditer(one.question)}, key=_longest_last)[-1:]
    text = one.question.replace("(are) ", "")
    for word in words:
        text = text.replace(word, _step_away(chance, word))
    return chance.choice(_RAMBLE).format(text)


def subject(chance: random.Random, one: Real) -> str:
    """Two or three keywords as people type them: the subject and what is asked of it."""
    words = [word for word in re.findall(r"[^\W_]+", one.question.casefold()) if word not in _QUESTION]
    return " ".join(words[-3:])


_QUESTION = {
    "what",
    "is",
    "are",
    "the",
    "how",
    "many",
    "people",
    "to",
    "who",
    "at",
    "for",
    "do",
    "you",
    "have",
    "about",
    "of",
    "in",
}
KINDS = {
    "words dropped": dropped,
    "misspelt": misspelt,
    "by the glossary": paraphrased,
    "a sentence": sentence,
    "rambling": rambling,
    "keywords": subject,
}


def put_glossary_in_force() -> None:
    from django.db import transaction

    from articles.models import Glossary, Term
    from people.models import User

    by = User.objects.get(email="bench@example.org")
    from django.utils import timezone

    with transaction.atomic():
        for term, plain in GLOSSARY.items():
            Term.objects.create(
                term=term, plain=plain, state="in-force", proposed_by=by, decided_by=by, decided_at=timezone.now()
            )
        Glossary.objects.update_or_create(pk=1, defaults={"version": 1})


def measure(data: Path, half: str, worst: str) -> None:
    from django.db import connection

    from articles import search
    from articles.search.index import recount

    real = real_articles(data)
    began = time.perf_counter()
    pks = list(publish(real))
    indexed = time.perf_counter() - began
    put_glossary_in_force()
    recount()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    same: dict[str, set[int]] = {}
    for pk, one in zip(pks, real, strict=True):
        same.setdefault(" ".join(one.question.casefold().split()), set()).add(pk)
    texts = {pk: " ".join(one.paragraphs) for pk, one in zip(pks, real, strict=True)}
    print(f"{connection.vendor}: {len(real)} answers, {1000 * indexed / len(real):.1f} ms to make each; half: {half}")
    print("| asked by | number | MRR@10 | nDCG@10 | first | p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|---|")
    everything: list[tuple[float, float, float]] = []
    chance = random.Random(7)
    for kind, make in KINDS.items():
        results = []
        for at, one in enumerate(real):
            query = make(chance, one)
            if not query or (at % 2 == 0) != (half == "tune"):
                continue
            right = same[" ".join(one.question.casefold().split())]
            if kind == "a sentence":
                # Many texts share their usual sentences: each that holds it is right.
                right = {pk for pk, text in texts.items() if query in text}
            started = time.perf_counter()
            found = [row.pk for row in search.find(query, limit=10).publications]
            took = 1000 * (time.perf_counter() - started)
            place = next((place for place, pk in enumerate(found, start=1) if pk in right), 0)
            gain = sum(1 / math.log2(place + 1) for place, pk in enumerate(found, start=1) if pk in right)
            ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(right), 10) + 1))
            results.append((1 / place if place else 0.0, gain / ideal, took))
            if kind == worst and place != 1:
                print(place, query, "|", one.question)
        everything += results
        print(_row(kind, results))
    print(_row("all", everything))


def _row(name: str, results: list[tuple[float, float, float]]) -> str:
    times = sorted(result[2] for result in results)
    means = [statistics.fmean(result[at] for result in results) for at in (0, 1)]
    first = statistics.fmean(result[0] == 1 for result in results)
    return (
        f"| {name:<16} | {len(results):>6} | {means[0]:>6.3f} | {means[1]:>7.3f} | {first:>5.2f} "
        f"| {statistics.median(times):>6.1f} | {times[int(0.95 * len(times))]:>6.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--worst", default="", help="print the questions of this kind whose answer was not the first")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    from benchmarks import scratch

    with scratch.migrated():
        measure(options.data, options.half, options.worst)


if __name__ == "__main__":
    main()
