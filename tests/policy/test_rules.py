"""The rules of the desk (`desk/policy.py`): none is missing or looser than the table, and reading changes nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from articles import drafting
from articles.models import Article
from desk import policy
from tests.policy.stage import Stage
from tests.policy.table import rows

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
ANSWERS = {(name, method): answers for name, method, answers in rows()}
WRITES = ("INSERT", "UPDATE", "DELETE")
NOTED_ON_READING = {"people_notification", "articles_seen", "django_session"}
"""What reading writes: that a piece of news was read, which version somebody saw last, and what their session keeps."""


def test_every_address_of_the_desk_has_a_rule_and_every_rule_an_address() -> None:
    desk = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "desk")
    names = {f"desk:{name}" for name in desk.reverse_dict if isinstance(name, str)}
    assert names == set(policy.RULES)


@pytest.mark.parametrize("name", policy.RULES)
def test_what_is_nobodys_is_refused_to_everybody(name: str) -> None:
    rule = policy.RULES[name]
    for method, roles in (("GET", rule.get), ("POST", rule.post)):
        answers = dict(ANSWERS[name, method])
        is_refused = answers.pop("outsider") == 302 and set(answers.values()) == {403}
        assert is_refused == (roles == policy.NOBODY), method


def test_an_address_without_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    monkeypatch.delitem(policy.RULES, "desk:reviews")
    assert stage.client("editor").get(reverse("desk:reviews")).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_is_anybodys(method: str, stage: Stage) -> None:
    client = stage.client("superuser")
    for name in policy.RULES:
        assert client.generic(method, stage.address(name)).status_code == 403, name


@pytest.mark.parametrize("who", ["author", "board member", "editor", "administrator"])
def test_reading_changes_nothing(stage: Stage, who: str) -> None:
    client = stage.client(who)
    found = {}
    for name, method in ANSWERS:
        if method == "GET" and name.startswith(("desk:", "readers:")):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(stage.address(name))
            writes = [one["sql"] for one in queries if one["sql"].lstrip().upper().startswith(WRITES)]
            found[name] = [sql for sql in writes if not any(f'"{table}"' in sql for table in NOTED_ON_READING)]
    assert {name: writes for name, writes in found.items() if writes} == {}


def test_an_object_that_does_not_exist_and_one_of_somebody_else_look_the_same(stage: Stage) -> None:
    client = stage.client("other author")
    for name, (_draft, *others) in sorted(stage.places.items()):
        if name.startswith("desk:") and not others and ANSWERS[name, "GET"]["other author"] == 404:
            theirs = client.get(stage.address(name))
            nothing = client.get(reverse(name, args=["f" * 32 if name == "desk:kept" else 99999]))
            assert theirs.status_code == nothing.status_code == 404, name
            assert theirs.content == nothing.content, name
            theirs_said, nothing_said = (dict(one.headers) | {"X-Request-ID": ""} for one in (theirs, nothing))
            assert theirs_said == nothing_said, name


def test_an_author_who_saved_a_version_may_open_the_article(stage: Stage) -> None:
    article = Article.objects.get(pk=stage.draft.pk)
    drafting.save(article, by=stage.cast["other author"], base_version=article.version)
    assert stage.client("other author").get(stage.address("desk:publishing")).status_code == 200
