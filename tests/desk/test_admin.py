"""The admin shows the record and changes nothing, for superusers too."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from people.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
RECORD = ["articles_edition", "articles_publication", "reviews_review", "reviews_verdict", "reviews_transition"]


@pytest.fixture
def chief(db):
    return User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")


def test_only_the_record_is_registered():
    names = {f"{model._meta.app_label}.{model._meta.model_name}" for model in admin.site._registry}
    assert names == {
        "articles.edition",
        "articles.notice",
        "articles.publication",
        "reviews.review",
        "reviews.transition",
        "reviews.verdict",
    }


@pytest.mark.parametrize("name", RECORD)
def test_a_superuser_looks_and_changes_nothing(browser, chief, live, name):
    client = browser(chief)
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
    row = {
        "articles_edition": live,
        "articles_publication": live.article.publication,
        "reviews_review": live.review,
        "reviews_verdict": live.verdicts.first(),
        "reviews_transition": live.transitions.first(),
    }[name]
    assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    assert client.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse(f"admin:{name}_add"), {}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_its_sign_in_is_the_sites(client, author, browser):
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/").url.startswith("/account/login/")
    assert browser(author).get("/admin/login/").status_code == 403


def test_there_is_no_other_way_to_restore_a_version():
    for name in ("articles_article_recoverlist", "articles_article_changelist"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")
