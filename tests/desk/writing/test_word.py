"""A draft from Word: read, shown with what becomes of its works, made once, and refused with a sentence."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Citation, WordDocument
from articles.word import package, taking
from references import library
from references.models import Reference
from tests.word_files import docx, paragraph, run, title_of, work, zotero

pytestmark = pytest.mark.django_db

TEXT = (
    paragraph(run("Does alpha help?"), style="Title"),
    paragraph(run("Evidence"), style="Heading1"),
    paragraph(run("It helps"), zotero("1,2", work(1, locator="3"), work(2)), run(" as they say (3, 4).")),
)


@pytest.fixture
def here(db: None) -> Reference:
    """Work 2 of the document, in the library under another key."""
    return Reference.objects.create(key="ours2020", title=title_of(2), kind="other", doi="10.5555/word.2", year=2019)


def sent(*body: str, name: str = "answer.docx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, docx(*body))}


def read(client, *body: str) -> WordDocument:
    response = client.post(reverse("desk:word_import"), sent(*(body or TEXT)))
    row = WordDocument.objects.latest("pk")
    assert response.url == reverse("desk:word", args=[row.pk])
    return row


def test_the_whole_way_from_file_to_draft(browser, author, here):
    client = browser(author)
    row = read(client)
    page = client.get(reverse("desk:word", args=[row.pk])).content.decode()
    assert "1 citation leads to works of the library. 1 work is new" in page
    assert "(3, 4)" in page
    assert "[@ours2020]" in page
    assert 'value="Does alpha help?"' in page
    assert not Article.objects.exists()
    assert Reference.objects.count() == 1
    response = client.post(reverse("desk:word", args=[row.pk]), {"do": "take", "question": "Does alpha help much?"})
    article = Article.objects.get()
    assert response.url == reverse("desk:article_edit", args=[article.pk])
    new = Reference.objects.get(doi="10.5555/word.1")
    assert article.body == f"# Evidence\n\nIt helps [@{new.key}, p. 3; @ours2020] as they say (3, 4)."
    assert (article.question, article.owner, article.version) == ("Does alpha help much?", author, 1)
    assert [entry["user"] for entry in article.byline] == [author.pk]
    assert set(Citation.objects.values_list("key", flat=True)) == {new.key_normal, "ours2020"}


def test_sent_twice_it_is_made_once(browser, author):
    client = browser(author)
    row = read(client)
    places = [client.post(reverse("desk:word", args=[row.pk]), {"do": "take", "question": "Q?"}).url for _ in range(2)]
    assert places[0] == places[1]
    assert Article.objects.count() == 1


def test_what_is_refused_keeps_the_question_and_writes_nothing(browser, author, monkeypatch):
    client = browser(author)
    row = read(client)
    response = client.post(reverse("desk:word", args=[row.pk]), {"do": "take", "question": " "})
    assert response.status_code == 422
    assert "Write the clinician" in response.content.decode()
    monkeypatch.setattr("articles.drafting.LARGEST_BODY", 10)
    response = client.post(reverse("desk:word", args=[row.pk]), {"do": "take", "question": "Typed by me?"})
    assert response.status_code == 422
    assert "at most 0 kB can be laid out" in response.content.decode()
    assert 'value="Typed by me?"' in response.content.decode()
    assert (Article.objects.count(), Reference.objects.count()) == (0, 0)


def test_a_work_that_is_perhaps_here_is_cited_or_taken_in_as_one_chooses(browser, author):
    alike = Reference(key="like2019", title=title_of(1).replace("a randomised", "randomised"), kind="other", year=2019)
    alike.authors = [{"family": "Writer1", "given": "W"}]
    library.save_reference(alike, by=author)
    client = browser(author)
    for ticked, expected in (([], "like2019"), ([1], None)):
        row = read(client, paragraph(run("It helps"), zotero("1", work(1))))
        assert "perhaps here already" in client.get(reverse("desk:word", args=[row.pk])).content.decode()
        client.post(reverse("desk:word", args=[row.pk]), {"do": "take", "question": "Q?", "take": ticked})
        row.refresh_from_db()
        assert (f"[@{alike.key}]" in row.article.body) is bool(expected)
        assert "[@" in row.article.body
    assert Reference.objects.count() == 2


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose the .docx to read."),
        (SimpleUploadedFile("a.docx", b""), "The file is empty."),
        (SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0"), "older Word file"),
        (SimpleUploadedFile("a.docx", b"<html>"), "This is not a Word document"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(browser, author, file, sentence):
    response = browser(author).post(reverse("desk:word_import"), {"file": file} if file else {})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not WordDocument.objects.exists()


def test_a_file_that_is_too_large_is_not_read(browser, author, monkeypatch):
    monkeypatch.setattr(package, "LARGEST_FILE", 10)
    response = browser(author).post(reverse("desk:word_import"), sent(*TEXT))
    assert "more than 0 MB" in response.content.decode()


def test_a_dropped_document_is_gone_and_others_are_nobody_elses(browser, author, editor):
    row = read(browser(author))
    place = reverse("desk:word", args=[row.pk])
    assert browser(editor).get(place).status_code == 404
    assert browser(editor).post(place, {"do": "drop"}).status_code == 404
    assert row.name in browser(author).get(reverse("desk:word_import")).content.decode()
    browser(author).post(place, {"do": "drop"})
    assert browser(author).get(place).status_code == 404


def test_what_was_left_lying_is_forgotten_and_drafts_stay(browser, author):
    client = browser(author)
    kept, taken, old = read(client), read(client), read(client)
    client.post(reverse("desk:word", args=[taken.pk]), {"do": "take", "question": "Q?"})
    long_ago = timezone.now() - taking.KEPT_FOR - datetime.timedelta(minutes=1)
    WordDocument.objects.filter(pk__in=[taken.pk, old.pk]).update(at=long_ago)
    assert taking.drop_old() == 1
    assert set(WordDocument.objects.values_list("pk", flat=True)) == {kept.pk, taken.pk}
    assert Article.objects.count() == 1
