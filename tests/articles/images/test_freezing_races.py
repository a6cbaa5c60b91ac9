"""Editions that freeze the same image at the same moment, on PostgreSQL: each has its bytes, stored once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from articles import drafting
from articles.images import keeping
from articles.models import Article, Edition, EditionImage, Image, ImageFile
from people.models import User
from reviews import verifying, workflow
from tests import pictures
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def illustrated(question: str, author: User) -> Article:
    """A draft of its own that shows the one image of these tests."""
    article = Article(question=question, owner=author, heading="Yes", lead="Yes [@alpha].", body="Text [@alpha].")
    article = drafting.save(article, by=author, base_version=0)
    image = keeping.add(article, pictures.kept(), by=author, alternative="A line that falls")
    article.body += f"\n\n{keeping.markdown_for(image)}\n"
    return drafting.save(article, by=author, base_version=1)


def test_two_answers_freeze_the_same_bytes_at_once(author: User, works: list[object]) -> None:
    articles = [illustrated(f"Does it help, {number}?", author) for number in range(4)]
    results = at_once(*(lambda one=one: workflow.submit(one, by=author) for one in articles))  # type: ignore[misc]
    assert all(isinstance(result, Edition) for result in results), results
    assert ImageFile.objects.count() == 1
    assert EditionImage.objects.count() == 4
    assert list(verifying.problems()) == []


def test_one_answer_is_submitted_twice_at_once(author: User, works: list[object]) -> None:
    article = illustrated("Does it help?", author)
    results = at_once(*(lambda: workflow.submit(article, by=author) for _person in range(2)))
    assert sum(isinstance(result, Edition) for result in results) >= 1, results
    assert all(isinstance(result, Edition | workflow.Refused) for result in results), results
    assert Edition.objects.count() == EditionImage.objects.count() == 1
    assert list(verifying.problems()) == []


def test_an_image_that_is_deleted_while_it_is_frozen_is_in_the_edition_or_in_neither(
    author: User, works: list[object]
) -> None:
    for number in range(4):
        article = illustrated(f"Round {number}?", author)
        image = Image.objects.get(article=article)
        results = at_once(lambda: workflow.submit(article, by=author), lambda: keeping.delete(image, by=author))
        assert not any(isinstance(result, IntegrityError | ValidationError) for result in results), results
        # The saved text shows it, so it stays whoever comes first.
        assert isinstance(results[0], Edition), results
        assert Image.objects.filter(pk=image.pk).exists()
    assert list(verifying.problems()) == []
