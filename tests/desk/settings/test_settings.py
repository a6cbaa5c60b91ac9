"""The site's texts: saving, two people at once, and the history."""

from __future__ import annotations

import pytest
from django.forms import model_to_dict
from django.urls import reverse

from articles import site
from articles.models import Site

pytestmark = pytest.mark.django_db
URL = "/desk/settings/"


def _fields(base=0, **changes):
    texts = {name: value or "" for name, value in model_to_dict(Site(pk=1)).items() if name != "id"}
    return texts | {"base_version": base, "comment": ""} | changes


def test_saves_the_texts_as_a_version(browser, editor):
    client = browser(editor)
    assert reverse("desk:settings") == URL
    response = client.post(URL, _fields(name="Answers of St Ann", comment="Our own name"))
    assert response.status_code == 302
    assert site.current().name == "Answers of St Ann"
    page = client.get(URL).content.decode()
    assert "Our own name" in page
    assert "Edda Editor" in page
    client.post(URL, _fields(base=1, name="Answers of St Ann", disclaimer="Only a test."))
    assert "Changed: Disclaimer, professional register" in client.get(URL).content.decode()


def test_a_save_over_a_newer_version_keeps_both_texts(browser, editor, administrator):
    browser(administrator).post(URL, _fields(name="Theirs", about="Their about"))
    browser(administrator).post(URL, _fields(base=1, name="Theirs again", about="Their about"))
    client = browser(editor)
    response = client.post(URL, _fields(base=1, name="Mine", about="My about"))
    assert response.status_code == 409
    page = response.content.decode()
    assert 'value="Mine"' in page
    assert "Theirs again" in page
    assert "My about" in page
    assert "Their about" in page
    assert site.current().name == "Theirs again"
    assert client.post(URL, _fields(base=2, name="Both", about="Both")).status_code == 302
    assert site.current().name == "Both"


def test_an_empty_name_comes_back_with_the_rest(browser, editor):
    response = browser(editor).post(URL, _fields(name="", about="What we are."))
    assert response.status_code == 422
    assert "What we are." in response.content.decode()
    assert not Site.objects.exists()


def test_pages_are_due_after_a_save(browser, editor, live):
    from articles.models import Publication

    browser(editor).post(URL, _fields(licence="CC BY 4.0"))
    assert Publication.objects.get().pages_due
