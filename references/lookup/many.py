"""Look-up of many works that are named by an identifier alone, in as few questions as the services take.

PubMed and Crossref answer about many works at once; what is put together of their answers is what `service.look_up`
puts together for one. An answer that cannot be used as a whole is asked for in halves, and what is absent from one is
asked for alone: one record that is missing or broken takes no other with it, and nothing is called absent that was only
not told.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from django.utils.translation import gettext as _

from references.formats.entries import Wanted
from references.lookup import crossref, pubmed, service
from references.lookup.service import Found
from references.models import Type
from references.web import client
from references.web.errors import BadAnswer, NotFound, WebError
from references.works import Work

log = logging.getLogger(__name__)

GROUP = 100
"""Works that are answered together: what a round has no time for is left in whole groups."""
AT_ONCE = {"crossref": 20, "pubmed": 100}
"""Works in one question. Crossref's records with long lists of references, and PubMed's with long abstracts, stay so
within what the client reads of one answer."""
LONGEST = 3_000
"""Characters of a question's identifiers as they stand in the address: servers and proxies refuse addresses of 8 kB."""
AWAY, USELESS = 3, 12
"""Failures in a row after which a service is left alone: those of a service that is away, and answers of no use. The
latter are more, because the way to one broken record among a hundred leads over eight."""

Answer = Found | str
"""What came of one work: what is known of it, or a sentence that says why there is nothing."""
Progress = Callable[[int, int], None]
_T = TypeVar("_T")


class Questions:
    """What the services say of works, as many as `seconds` allow; `is_cut` says that there was not time for all."""

    def __init__(self, progress: Progress, *, seconds: float = float("inf")) -> None:
        self._progress = progress
        self._seconds = seconds
        self._until = float("inf")
        self._done = self._total = 0
        self._failures: Counter[str] = Counter()
        self.is_cut = False

    def __call__(self, waiting: Sequence[Wanted]) -> dict[int, Answer]:
        """The answers by position; a work without one could not be looked up."""
        self._until, self._done, self._total = time.monotonic() + self._seconds, 0, len(waiting)
        answers: dict[int, Answer] = {}
        for start in range(0, len(waiting), GROUP):
            group = waiting[start : start + GROUP]
            told = self._group(group)
            if self.is_cut:
                break
            for each in group:
                if (name := (each.scheme, each.value)) in told:
                    answers[each.position] = told[name]
            self._done += len(group)
            self._tell()
        return answers

    def _group(self, group: Sequence[Wanted]) -> dict[tuple[str, str], Answer]:
        asked = {scheme: list(dict.fromkeys(e.value for e in group if e.scheme == scheme)) for scheme in _SCHEMES}
        led, told_of_pmcids = self._pmcids(asked["pmcid"])
        pmids = [*asked["pmid"], *(names["pmid"] for names in led.values() if "pmid" in names)]
        dois = [*asked["doi"], *(names["doi"] for names in led.values() if "doi" in names and "pmid" not in names)]
        by_pmid, by_doi = self._pmids(list(dict.fromkeys(pmids))), self._dois(list(dict.fromkeys(dois)))
        told: dict[tuple[str, str], Answer] = {("pmcid", each): answer for each, answer in told_of_pmcids.items()}
        told |= {("pmid", each): by_pmid[each] for each in asked["pmid"] if each in by_pmid}
        told |= {("doi", each): by_doi[each] for each in asked["doi"] if each in by_doi}
        told |= {("isbn", each): answer for each, answer in self._isbns(asked["isbn"]).items()}
        for pmcid, names in led.items():
            answer = by_pmid.get(names["pmid"]) if "pmid" in names else by_doi.get(names.get("doi", ""))
            if isinstance(answer, Found):
                work = replace(answer.work, pmcid=answer.work.pmcid or pmcid)
                answer = replace(answer, work=work)
            if answer is not None:
                told["pmcid", pmcid] = answer
        return {name: _called(answer, name[1]) for name, answer in told.items()}

    def _pmcids(self, wanted: Sequence[str]) -> tuple[dict[str, dict[str, str]], dict[str, Answer]]:
        """To what PMID or DOI each leads, and sentences on those that lead to none."""
        found = self._asked("pubmed", wanted, pubmed.of_pmcids)
        sentences: dict[str, Answer] = {}
        for pmcid, names in found.items():
            if names is None:
                sentences[pmcid] = pubmed.no_pmcid(pmcid)
            elif not names:
                sentences[pmcid] = service.no_names(pmcid)
        return {pmcid: names for pmcid, names in found.items() if names}, sentences

    def _pmids(self, wanted: Sequence[str]) -> dict[str, Answer]:
        """PubMed's records, each with what Crossref has under its DOI."""
        works, sentences = self._each("pubmed", wanted, pubmed.fetch_many, pubmed.fetch)
        found = {pmid: service.of_work(work, "PubMed") for pmid, work in works.items()}
        dois = [each.work.doi for each in found.values() if each.work.doi]
        messages = self._asked("crossref", dois, crossref.fetch_many, parts=_without_comma)
        for pmid, each in found.items():
            if (doi := each.work.doi) and doi in messages:
                found[pmid] = service.together(each, service.of_message(messages[doi]))
        return {**found, **sentences}

    def _dois(self, wanted: Sequence[str]) -> dict[str, Answer]:
        """Crossref's records, or DataCite's; those of articles with what PubMed has under the DOI."""
        messages, absent = self._each("crossref", wanted, crossref.fetch_many, crossref.fetch, parts=_without_comma)
        found = {doi: service.of_message(message) for doi, message in messages.items()}
        sentences: dict[str, Answer] = {}
        for doi in absent:
            one, sentence = self._alone("datacite", doi, service.at_datacite)
            if one is not None:
                found[doi] = one
            elif sentence:
                sentences[doi] = sentence
        articles = [doi for doi, each in found.items() if each.register == service.CROSSREF and _is_article(each.work)]
        # What Crossref could not be asked for, PubMed may have.
        lost = [doi for doi in wanted if doi not in found and doi not in absent]
        records = self._asked("pubmed", [*articles, *lost], pubmed.of_dois)
        for doi, work in records.items():
            other = service.of_work(work, "PubMed")
            found[doi] = service.together(found[doi], other) if doi in found else other
        return {**found, **sentences}

    def _isbns(self, wanted: Sequence[str]) -> dict[str, Answer]:
        """Crossref's books. They are asked for one by one: an answer about many does not say which is whose."""
        found: dict[str, Answer] = {}
        for isbn in wanted:
            one, sentence = self._alone("crossref", isbn, service.book)
            if one is not None or sentence:
                found[isbn] = one or sentence
        return found

    def _each(
        self,
        name: str,
        wanted: Sequence[str],
        many: Callable[[Sequence[str], crossref.Ask], Mapping[str, _T]],
        one: Callable[[str, crossref.Ask], _T],
        parts: Callable[[Sequence[str]], Sequence[str]] = list,
    ) -> tuple[dict[str, _T], dict[str, str]]:
        """What a service has, asked for together and, where that brought nothing, alone; and sentences on what it
        says that it does not have."""
        together = parts(wanted)
        missed: set[str] = set()
        found = dict(self._asked(name, together, many, missed=missed))
        sentences: dict[str, str] = {}
        for value in wanted:
            if value not in found and value not in missed:
                answer, sentence = self._alone(name, value, one)
                if answer is not None:
                    found[value] = answer
                elif sentence:
                    sentences[value] = sentence
        return found, sentences

    def _asked(
        self,
        name: str,
        wanted: Sequence[str],
        many: Callable[[Sequence[str], crossref.Ask], Mapping[str, _T]],
        *,
        parts: Callable[[Sequence[str]], Sequence[str]] = list,
        missed: set[str] | None = None,
    ) -> dict[str, _T]:
        """What a service answers about many. Those for whom nobody answered are put into `missed`."""
        found: dict[str, _T] = {}
        waiting = list(_chunks(parts(wanted), AT_ONCE[name]))
        while waiting:
            some = waiting.pop(0)
            try:
                found |= self._ask(name, partial(many, some))
            except BadAnswer as error:
                log.info("Look-up of %d works at %s: %s", len(some), name, error)
                if len(some) > 1:
                    half = len(some) // 2
                    waiting[:0] = [some[:half], some[half:]]
                elif missed is not None:
                    missed.update(some)
            except WebError as error:
                log.info("Look-up of %d works at %s: %s", len(some), name, error)
                if missed is not None:
                    missed.update(some)
        return found

    def _alone(self, name: str, value: str, one: Callable[[str, crossref.Ask], _T]) -> tuple[_T | None, str]:
        """The answer about one work, or the sentence with which the service says that it has none; or neither."""
        try:
            return self._ask(name, partial(one, value)), ""
        except NotFound as error:
            return None, str(error)
        except WebError as error:
            log.info("Look-up of %s at %s: %s", value, name, error)
            return None, ""

    def _ask(self, name: str, question: Callable[[crossref.Ask], _T]) -> _T:
        """Ask a service, unless it is away or the time is over. Raises the client's errors."""
        if self.is_cut or time.monotonic() >= self._until:
            self.is_cut = True
            raise _NotAsked
        if self._failures[f"{name} away"] >= AWAY or self._failures[f"{name} useless"] >= USELESS:
            raise _NotAsked
        self._tell()
        try:
            answer = question(partial(client.get, patience=client.PATIENT))
        except NotFound:
            self._failures[f"{name} away"] = self._failures[f"{name} useless"] = 0
            raise
        except BadAnswer:
            self._failures[f"{name} useless"] += 1
            raise
        except WebError:
            self._failures[f"{name} away"] += 1
            raise
        self._failures[f"{name} away"] = self._failures[f"{name} useless"] = 0
        return answer

    def _tell(self) -> None:
        self._progress(self._done, self._total)


class _NotAsked(WebError):
    """The service was not asked: it is left alone now, or there is no time."""

    def __init__(self) -> None:
        super().__init__(_("It was not asked."))


_SCHEMES = ("doi", "pmid", "pmcid", "isbn")


def _called(answer: Answer, value: str) -> Answer:
    """The answer with what the work was called in the list."""
    return replace(answer, work=replace(answer.work, source_id=value)) if isinstance(answer, Found) else answer


def _is_article(work: Work) -> bool:
    return work.type in {Type.ARTICLE_JOURNAL, Type.ARTICLE}


def _without_comma(dois: Sequence[str]) -> list[str]:
    """Those that a list can hold in which commas part."""
    return [doi for doi in dois if "," not in doi]


def _chunks(values: Sequence[str], most: int) -> Iterator[list[str]]:
    """The values in lists of so many at most, none too long for an address."""
    chunk: list[str] = []
    length = 0
    for value in values:
        # With the words that stand around each of them in a query.
        size = len(quote(value, safe="")) + 20
        if chunk and (len(chunk) == most or length + size > LONGEST):
            yield chunk
            chunk, length = [], 0
        chunk.append(value)
        length += size
    if chunk:
        yield chunk
