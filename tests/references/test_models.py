import pytest
from django.db import IntegrityError, transaction

from references.models import Reference

pytestmark = pytest.mark.django_db


def test_what_follows_from_other_columns_is_set_with_every_save():
    row = Reference.objects.create(key="Réyes-2021", title="Heart", authors=[{"family": "Reyes", "given": "Ana"}])
    assert row.key_normal == "réyes-2021"
    assert row.search_text == " reyes 2021 heart ana"
    row.title = "Lung"
    row.save(update_fields=["title"])
    row.refresh_from_db()
    assert row.search_text == " reyes 2021 lung ana"


@pytest.mark.parametrize(
    "values",
    [
        {"month": 3},
        {"year": 2020, "day": 3},
        {"doi": ""},
        {"pmid": ""},
        {"pmcid": ""},
        {"isbn": ""},
        {"key": "TAKEN"},
        {"doi": "10.1000/taken"},
        {"pmid": "77"},
    ],
)
def test_what_the_table_refuses(values):
    Reference.objects.create(key="taken", title="T", doi="10.1000/taken", pmid="77")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.create(**{"key": "new", "title": "T", **values})
    Reference.objects.create(key="new", title="T")


def test_many_works_may_have_no_identifier():
    for key in "ab":
        Reference.objects.create(key=key, title="T")
    assert Reference.objects.filter(doi=None, pmid=None).count() == 2
