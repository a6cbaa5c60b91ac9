"""What is known of the cited works: flags, versions, ages, addresses; and answers to the same question."""

from __future__ import annotations

import pytest

from articles.alike import Alike
from articles.checks import dead_link, flagged_work, near_duplicate, no_reference, old_source, published_preprint
from articles.checks.dead_link import unchecked
from articles.checks.view import Asked
from references.models import Reference
from tests.articles.checks.reading import TODAY, excerpts, found, view

BODY = "One [@alpha].\n\nTwo [see @{beta}, p. 3]."


def work(key: str = "alpha", **given: object) -> Reference:
    return Reference(**({"key": key, "title": key, "kind": "guideline", "year": 2025} | given))


@pytest.mark.parametrize(
    ("status", "severity"),
    [("retracted", "justify"), ("concern", "justify"), ("superseded", "justify"), ("corrected", "warns")],
)
def test_a_flagged_work_leads_to_where_it_is_cited(status: str, severity: str):
    (one,) = found(flagged_work.check, BODY, works=[work("beta", status=status), work()])
    assert (one.severity, one.line, one.excerpt, one.work) == (severity, 3, "@{beta}", "beta")
    assert ("has to say why" in one.message) is (severity == "justify")


def test_a_work_under_another_key_is_told_of_without_a_place():
    (one,) = found(flagged_work.check, BODY, works=[work("alpha-2020", status="retracted")])
    assert (one.line, one.excerpt) == (None, "")


@pytest.mark.parametrize(
    ("kind", "year", "is_old"),
    [("guideline", 2021, False), ("guideline", 2020, True), ("cohort", 1950, False), ("guideline", None, False)],
)
def test_old_for_its_kind(kind: str, year: int | None, is_old: bool):
    assert bool(found(old_source.check, BODY, works=[work(kind=kind, year=year)])) is is_old


def test_a_preprint_that_was_published():
    (one,) = found(published_preprint.check, BODY, works=[work()], published={"alpha": "@gamma"})
    assert one.message == "The work @alpha is a preprint that was published since: @gamma."


LINKED = "See [here](https://a.example/x) and <https://b.example/> or [mail](mailto:x@y.example) [@alpha]."

GONE = Asked(False, TODAY)


def test_an_address_that_led_nowhere():
    known = {"https://a.example/x": GONE, "https://work.example/": GONE}
    given = {"works": [work(url="https://work.example/")], "addresses": known}
    findings = found(dead_link.check, LINKED, **given)
    assert [(one.work, one.excerpt) for one in findings] == [
        ("alpha", "@alpha"),
        ("", "[here](https://a.example/x)"),
    ]
    assert all("25 November 2026" in one.message for one in findings)
    assert findings[1].line == 1
    assert unchecked(view(LINKED, **given)) == 1
    assert unchecked(view(LINKED)) == 2


def test_a_link_that_answers_is_let_pass():
    assert excerpts(dead_link.check, LINKED, addresses={"https://a.example/x": Asked(True, TODAY)}) == []


@pytest.mark.parametrize(("body", "codes"), [("One [@alpha].", []), ("One.", ["no-reference"])])
def test_no_reference(body: str, codes: list[str]):
    assert [one.code for one in found(no_reference.check, body)] == codes


def test_a_near_duplicate_has_a_link():
    (public, draft) = found(
        near_duplicate.check, alike=[Alike(1, "Does it help?", "/answers/x/"), Alike(2, "Does it?", "")]
    )
    assert (public.field, public.links[0].url, public.links[0].is_public) == ("question", "/answers/x/", True)
    assert (draft.links[0].article, draft.links[0].is_public) == (2, False)
