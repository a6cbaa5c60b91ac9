"""Two people merge at once, on PostgreSQL with real threads: one merge is made, the other is refused in words."""

from __future__ import annotations

import pytest

from references import library
from references.identity.merging import Refused, merge
from references.models import Alias, Event, Merge, Reference
from references.watching import flags
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

ROUNDS = 8


def three(number: int) -> list[Reference]:
    return [
        Reference.objects.create(key=f"{name}-{number}", title="Iron", doi=f"10.5555/{name}.{number}")
        for name in ("one", "two", "three")
    ]


def outcome(results: list[object]) -> tuple[int, int]:
    assert all(isinstance(result, Merge | Refused) for result in results), results
    return sum(isinstance(result, Merge) for result in results), sum(isinstance(result, Refused) for result in results)


def test_each_merged_into_the_other_at_once(editor):
    for number in range(ROUNDS):
        one, two, _three = three(number)
        results = at_once(lambda: merge(one, two, by=editor), lambda: merge(two, one, by=editor))
        assert outcome(results) == (1, 1)
        found = library.resolve([one.key, two.key])
        assert len({row.pk for row in found.values()}) == 1
        assert len(found) == 2


def test_a_chain_made_at_once_is_one_merge_and_a_refusal(editor):
    for number in range(ROUNDS):
        one, two, last = three(number)
        results = at_once(lambda: merge(two, one, by=editor), lambda: merge(last, two, by=editor))
        assert outcome(results) == (1, 1)
        assert Reference.objects.filter(key__endswith=f"-{number}").count() == 2
        assert len(library.resolve([one.key, two.key, last.key])) == 3


def test_one_row_merged_into_two_works_at_once_goes_once(editor):
    for number in range(ROUNDS):
        one, two, last = three(number)
        results = at_once(lambda: merge(two, one, by=editor), lambda: merge(last, one, by=editor))
        assert outcome(results) == (1, 1)
        assert Alias.objects.get(scheme="key", value=one.key).reference_id in {two.pk, last.pk}


def test_news_that_comes_during_a_merge_is_kept_or_says_that_the_row_is_gone(editor):
    for number in range(ROUNDS):
        one, two, _three = three(number)
        merged, told = at_once(
            lambda: merge(two, one, by=editor), lambda: flags.report(one, kind="retraction", source="crossref")
        )
        if isinstance(told, Exception):
            assert isinstance(told, Reference.DoesNotExist)
            assert isinstance(merged, Merge)
        elif isinstance(merged, Merge):
            assert Event.objects.get(reference=two).kind == "retraction"
            assert Reference.objects.get(pk=two.pk).status == "retracted"
        else:
            assert isinstance(merged, Refused)
