"""CSL-JSON in the desk: pasted or uploaded, with each entry's outcome."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.models import User
from references.models import Reference

Browser = Callable[[User], Client]
ENTRIES = [
    {"id": "http://zotero.org/users/1/items/ABC", "type": "article-journal", "title": "Delta for beta",
     "author": [{"family": "Okafor", "given": "Ngozi"}], "issued": {"date-parts": [["2021"]]}},
    {"id": "theirs", "type": "article-journal", "title": "The alpha trial", "DOI": "10.5555/ALPHA", "volume": "7"},
    {"id": "beta", "type": "book", "title": "Quite another work"},
    {"id": "untitled", "type": "book"},
]  # fmt: skip


@pytest.fixture
def send(browser: Browser, author: User, works: list[Reference]) -> Callable[..., tuple[int, str]]:
    client = browser(author)

    def post(**posted: object) -> tuple[int, str]:
        answer = client.post(reverse("desk:library_import"), posted)
        return answer.status_code, answer.content.decode()

    return post


def test_each_entry_has_its_outcome(send) -> None:
    status, page = send(text=json.dumps(ENTRIES))
    assert status == 200
    assert "Added: 1. Here already: 1. Left out: 2." in page
    assert "[@okafor-2021-delta]" in page
    assert "called http://zotero.org/users/1/items/ABC in the file" in page
    assert "The same DOI; called theirs in the file." in page
    assert "says something else of: volume" in page
    assert "The key beta stands for another work here" in page
    assert "untitled" in page
    assert Reference.objects.count() == 4
    assert Reference.objects.get(key="alpha").volume == ""


def test_a_clashing_key_is_renamed_if_asked(send) -> None:
    _status, page = send(text=json.dumps(ENTRIES[2:3]), rename_keys="on")
    assert "Added: 1." in page
    assert "called beta in the file" in page
    assert Reference.objects.get(title="Quite another work").key != "beta"


def test_a_file_is_read_and_twice_is_once(send) -> None:
    for added in (1, 0):
        file = SimpleUploadedFile("zotero.json", json.dumps(ENTRIES[:1]).encode("utf-8-sig"))
        status, page = send(file=file)
        assert status == 200
        assert f"Added: {added}. Here already: {1 - added}." in page
    assert Reference.objects.count() == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "not UTF-8"),
        (b"{", "not JSON"),
        (b"3", "must hold a list"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * 5_000_001, "at most 5 MB"),
    ],
)
def test_a_broken_file_is_said_to_be_so(send, content: bytes, sentence: str) -> None:
    status, page = send(file=SimpleUploadedFile("works.json", content))
    assert status == 422
    assert sentence in page
    assert Reference.objects.count() == 3


def test_a_broken_paste_comes_back(send) -> None:
    status, page = send(text='[{"id": "kept"')
    assert status == 422
    assert "kept" in page
    assert "not JSON" in page


def test_nothing_and_both_are_refused(send) -> None:
    assert "Choose a file or paste" in send()[1]
    status, page = send(text="[]", file=SimpleUploadedFile("works.json", b"[]"))
    assert status == 422
    assert "either a file or a paste" in page
