"""A library of many works, made from a seed: titles, names and identifiers as varied as real ones, and what cites them.

Written in bulk, so that a hundred thousand take a minute. Used by library_screens.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from articles.models import Article, Citation
from people.models import Appointment, Role, User
from references.identity import keys
from references.models import Alias, Check, Event, Kind, Likeness, Reference, Report, Status

BATCH = 2000


def _words(text: str) -> list[str]:
    return text.split()


_STARTS = _words("cardi hepat nephr neur derm gastr oste pulmon haemat arthr angi enceph myel thyr pancreat immun")
_MIDDLES = _words("o al ogen ovascul oprotect opathic oinflammat oscler otox ometabol odynam ectom oplast")
_ENDS = _words("itis osis opathy aemia ar ic ive ation ectomy ology ography ase in mab nib pril sartan statin ine ol")
_PLAIN = _words(
    "treatment of in and for with the outcomes among adults children older patients after before acute chronic severe "
    "mild early late risk mortality randomised controlled trial cohort study systematic review meta-analysis guideline "
    "management prevention screening diagnosis primary secondary care hospital community placebo comparison long-term "
    "follow-up effect efficacy safety quality life cost prognosis prevalence incidence national registry update"
)
_FAMILY_STARTS = _words(
    "An Ber Car Da El Fer Gar Hor In Jo Ka Lin Mar Ned Ok Pe Qu Ro Sa Ta Ul Va Wei Xi Ya Zo Mc Fitz O"
)
_FAMILY_MIDDLES = _words("de la mi no ra sta te va ve lo gu han ki mo ne pa ri so tu wa xe yo za be cho du")
_FAMILY_ENDS = _words("ng son sen ez ova ski ini er mann ton ward ley gh s u i o a é ö t")
_GIVEN = _words("Ana Ben Chi Dan Eva Femi Gus Hana Ivo José Kim Lea Mia Noa Olu Pia Qin Rui Sara Tom Uma Vik Wen Yui")
_ADJECTIVES = ("British", "European", "American", "Annals of", "Archives of", "Journal of", "International")
_FIELDS = ("Medicine", "Cardiology", "Surgery", "Neurology", "Paediatrics", "Nephrology", "Oncology", "Epidemiology")
_JOURNALS = [f"{adjective} {field}" for adjective in _ADJECTIVES for field in _FIELDS]


class Maker:
    """Makes the same works again for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        terms = [a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS]
        self.random.shuffle(terms)
        self.terms = terms
        self.families = [
            (a + b + c).capitalize() for a in _FAMILY_STARTS for b in _FAMILY_MIDDLES for c in _FAMILY_ENDS
        ]
        self.random.shuffle(self.families)

    def _one(self, words: list[str]) -> str:
        """One of the words; the first ones far oftener than the last, as in real texts."""
        return words[int(len(words) * self.random.random() ** 3)]

    def title(self) -> str:
        words = [self._one(self.terms) if self.random.random() < 0.35 else self._one(_PLAIN) for _ in range(
            self.random.randint(6, 16))]  # fmt: skip
        return " ".join(words).capitalize()

    def work(self, number: int) -> Reference:
        """Work `number`, unsaved. Two in five have no DOI, some are flagged."""
        draw = self.random
        authors = [
            {"family": self._one(self.families), "given": draw.choice(_GIVEN)} for _ in range(draw.randint(1, 8))
        ]
        title, year = self.title(), draw.randint(1985, 2026)
        kind = draw.choice(Kind.values)
        work = Reference(
            key=f"{keys.base_key(authors, year, title)}-{number}",
            kind=kind,
            type="article-journal",
            title=title,
            authors=authors,
            container=draw.choice(_JOURNALS),
            year=year if draw.random() < 0.97 else None,
            volume=str(draw.randint(1, 400)),
            issue=str(draw.randint(1, 12)),
            pages=f"{draw.randint(1, 900)}-{draw.randint(901, 1800)}",
            doi=f"10.{draw.randint(1000, 1400)}/j.{draw.randint(100, 999)}.{number}" if draw.random() < 0.6 else None,
            pmid=str(10_000_000 + number) if draw.random() < 0.5 else None,
            url=f"https://example.org/works/{number}" if draw.random() < 0.2 else "",
            abstract=f"{self.title()}. " * 10 if draw.random() < 0.5 else "",
            status=Status.RETRACTED if number % 400 == 0 else Status.CORRECTED if number % 150 == 0 else Status.CURRENT,
            created_at=timezone.now() - datetime.timedelta(minutes=number),
        )
        work.derive()
        return work

    def works(self, count: int) -> Iterator[Reference]:
        for number in range(1, count + 1):
            yield self.work(number)


def fill(count: int, *, drafts: int = 2000) -> User:
    """Fill an empty library with works, drafts that cite 30 each, aliases, checks and flags. Returns an editor."""
    maker = Maker()
    batch: list[Reference] = []
    for work in maker.works(count):
        batch.append(work)
        if len(batch) == BATCH:
            Reference.objects.bulk_create(batch)
            batch = []
    Reference.objects.bulk_create(batch)
    editor = User.objects.create(email="edda@example.org", name="Edda Editor", password=make_password(None))
    for role in (Role.EDITOR, Role.AUTHOR):
        Appointment.objects.create(user=editor, role=role)
    rows = list(Reference.objects.order_by("pk").values_list("pk", "key_normal", "status"))
    articles = Article.objects.bulk_create(
        [Article(question=f"Question {n}?", slug=f"question-{n}", owner=editor, version=1) for n in range(drafts)]
    )
    draw = maker.random
    Citation.objects.bulk_create(
        [
            Citation(article=article, key=key)
            for article in articles
            for key in {rows[draw.randrange(len(rows))][1] for _ in range(30)}
        ],
        batch_size=BATCH,
    )
    Alias.objects.bulk_create(
        Alias(scheme="key", value=f"old-{key}"[:120], written=f"old-{key}"[:120], reference_id=pk)
        for pk, key, _status in rows[:: max(1, count // 1000)]
    )
    now = timezone.now()
    Check.objects.bulk_create(
        [
            Check(
                reference_id=pk,
                source=source,
                outcome="failed" if pk % 90 == 0 else "clear",
                asked_at=now,
                answered_at=now,
                due_at=now,
            )  # fmt: skip
            for pk, _key, _status in rows
            for source in ("crossref", "link")
        ],
        batch_size=BATCH,
    )
    kinds = {Status.RETRACTED: Event.Kind.RETRACTION, Status.CORRECTED: Event.Kind.CORRECTION}
    events = Event.objects.bulk_create(
        [
            Event(reference_id=pk, kind=kinds[Status(status)], handled_at=now)
            for pk, _key, status in rows
            if status != "current"
        ]
    )
    Report.objects.bulk_create(Report(event=event, source="crossref", notice="doi:10.1000/notice") for event in events)
    Likeness.objects.bulk_create(
        Likeness(first_id=a[0], second_id=b[0], rule="title", score=95)
        for a, b in zip(rows[::200], rows[1::200], strict=False)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return editor
