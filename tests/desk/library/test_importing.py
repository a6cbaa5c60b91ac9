"""Imports in the desk: what is read, its preview, the word to take in, and what became of each entry."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.models import Role, User
from references import import_jobs
from references.formats.entries import LARGEST_FILE
from references.models import Import, Reference

Browser = Callable[[User], Client]
ENTRIES = [
    {"id": "http://zotero.org/users/1/items/ABC", "type": "article-journal", "title": "Delta for beta",
     "author": [{"family": "Okafor", "given": "Ngozi"}], "issued": {"date-parts": [["2021"]]}},
    {"id": "theirs", "type": "article-journal", "title": "The alpha trial", "DOI": "10.5555/ALPHA", "volume": "7"},
    {"id": "beta", "type": "book", "title": "Quite another work"},
    {"id": "untitled", "type": "book"},
    {"id": "gamma-again", "type": "article-journal", "title": "The gamma trial", "issued": {"date-parts": [[2022]]},
     "author": [{"family": "Alpha", "given": "A."}]},
]  # fmt: skip
IMPORT = "desk:library_import"


@pytest.fixture
def client(browser: Browser, author: User, works: list[Reference]) -> Client:
    return browser(author)


@pytest.fixture
def begin(client: Client) -> Callable[..., Import]:
    """Import something, and return the row."""

    def post(entries: object = ENTRIES, **posted: object) -> Import:
        answer = client.post(reverse(IMPORT), {"text": json.dumps(entries), **posted})
        assert answer.status_code == 302, answer.content.decode()
        row = Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))
        assert answer["Location"] == reverse("desk:import", args=[row.pk])
        return row

    return post


@pytest.fixture
def page(client: Client) -> Callable[..., str]:
    def get(row: Import, **query: object) -> str:
        answer = client.get(reverse("desk:import", args=[row.pk]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.fixture
def act(client: Client, page: Callable[..., str]) -> Callable[..., str]:
    """Press a button of an import's page, and return the page that follows."""

    def post(row: Import, do: str, **posted: object) -> str:
        answer = client.post(reverse("desk:import", args=[row.pk]), {"do": do, **posted})
        assert answer.status_code == 302, answer.content.decode()
        return client.get(answer["Location"]).content.decode()

    return post


def test_each_entry_has_its_outcome_before_anything_is_taken_in(begin, page) -> None:
    row = begin()
    text = page(row)
    assert "Nothing is taken in yet." in text
    assert row.counts == {"new": 1, "here": 1, "refused": 1, "broken": 1, "likely": 1}
    assert "[@okafor-2021-delta]" in text
    assert "called http://zotero.org/users/1/items/ABC in the file" in text
    assert "The same DOI." in text
    assert "The library’s entry says nothing of: volume." in text
    assert "The key beta stands for another work here" in text
    assert "untitled" in text
    assert "Like “The gamma trial” (2022) in title, year and first author" in text
    assert "Take in 1 work<" in text
    assert Reference.objects.count() == 3


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}, {"family": "Roe"}]},
         "van der Berg and others, 2021"),
        ({"author": [{"family": "Aubignac", "dropping-particle": "d'"}]}, "d&#x27;Aubignac, 2021"),
        ({"author": [{"family": "Roe"}, {"literal": "et al."}]}, "Roe and others, 2021"),
        ({"editor": [{"literal": "WHO"}, {"family": "Roe"}]}, "WHO and others, 2021"),
    ],
)  # fmt: skip
def test_an_entry_is_shown_by_its_first_name_and_year(begin, page, names, shown) -> None:
    row = begin([{"title": "Delta for beta", "issued": {"date-parts": [[2021]]}} | names])
    assert shown in page(row)


def test_the_preview_is_narrowed_by_outcome(begin, page) -> None:
    text = page(begin(), show="likely")
    assert "The gamma trial" in text
    assert "Delta for beta" not in text
    assert 'aria-current="page">Perhaps here already' in text


def test_what_was_previewed_is_taken_in(begin, act) -> None:
    row = begin()
    text = act(row, "take", shown="1,5", take="1")
    assert "Added: 1. Here already: 1. Left out: 3." in text
    assert "What became of it" in text
    added = Reference.objects.get(key="okafor-2021-delta")
    assert reverse("desk:reference", args=[added.pk]) in text
    assert "[@okafor-2021-delta]" in text
    assert Reference.objects.count() == 4
    assert Reference.objects.get(key="alpha").volume == ""


def test_a_likely_duplicate_is_taken_in_when_it_is_ticked(begin, act) -> None:
    row = begin()
    text = act(row, "take", shown="1,5", take=["1", "5"])
    assert "Added: 2." in text
    assert Reference.objects.filter(title="The gamma trial").count() == 2


def test_a_new_work_is_left_out_when_it_is_not_ticked_and_may_come_back(begin, act) -> None:
    row = begin()
    text = act(row, "choose", shown="1,5")
    assert "left out as you chose" in text
    assert "Take in" in text  # the column
    assert "Take in 1 work<" not in text
    text = act(row, "choose", shown="1,5", take="1")
    assert "Take in 1 work<" in text
    assert Reference.objects.count() == 3


def test_what_another_page_of_the_table_shows_stays_as_it_is(begin, act) -> None:
    row = begin()
    act(row, "choose", shown="5", take="5")
    text = act(row, "take", shown="", take="")
    assert "Added: 2." in text


def test_a_clashing_key_is_renamed_if_asked(begin, act, page) -> None:
    row = begin(ENTRIES[2:3])
    assert "Take in 1 work<" not in page(row)
    text = act(row, "choose", rename_keys="on")
    assert "Its key beta stands for another work, “The beta trial” (2021)." in text
    text = act(row, "take", shown="1", take="1", rename_keys="on")
    assert "Added: 1." in text
    assert Reference.objects.get(title="Quite another work").key == "quite-nd-another"


def test_empty_fields_are_completed_if_asked(begin, act, page) -> None:
    row = begin(ENTRIES[1:2], complete="on")
    assert "To be filled from the file: volume." in page(row)
    text = act(row, "take", complete="on")
    assert "Completed: 1." in text
    assert "Filled from the file: volume." in text
    assert Reference.objects.get(key="alpha").volume == "7"


def test_a_file_is_read_and_twice_is_once(client, act) -> None:
    for added in (1, 0):
        file = SimpleUploadedFile("zotero.json", json.dumps(ENTRIES[:1]).encode("utf-8-sig"))
        client.post(reverse(IMPORT), {"file": file})
        row = Import.objects.latest("pk")
        assert row.name == "zotero.json"
        if added:
            assert "Added: 1." in act(row, "take", shown="1", take="1")
        else:
            answer = client.get(reverse("desk:import", args=[row.pk])).content.decode()
            assert "Here already" in answer
            assert "Take in 1 work<" not in answer
    assert Reference.objects.count() == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "This is no text"),
        (b"{", "not JSON"),
        (b"[3", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'[{"id": "a"}]', "A work needs a title"),
    ],
)
def test_a_broken_file_is_said_to_be_so(client, content: bytes, sentence: str) -> None:
    answer = client.post(reverse(IMPORT), {"file": SimpleUploadedFile("works.json", content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("more", [1, 3_000_000])
def test_a_file_that_is_too_large_is_said_to_be_so(client, more: int) -> None:
    file = SimpleUploadedFile("works.json", b" " * (LARGEST_FILE + more))
    answer = client.post(reverse(IMPORT), {"file": file})
    assert answer.status_code == 422
    assert "The file has more than 20 MB" in answer.content.decode()
    assert not Import.objects.exists()


def test_of_a_huge_upload_only_so_much_is_kept(client, monkeypatch) -> None:
    from desk import uploads

    monkeypatch.setattr(uploads, "LARGEST_FILE", 100_000)
    seen = []
    monkeypatch.setattr(
        "desk.library.import_forms.ImportForm.clean", lambda form: seen.append(form.cleaned_data["file"].size) or {}
    )
    with pytest.raises(KeyError):
        client.post(reverse(IMPORT), {"file": SimpleUploadedFile("works.json", b" " * 5_000_000)})
    assert 100_000 < seen[0] < 300_000


def test_a_broken_paste_comes_back(client) -> None:
    answer = client.post(reverse(IMPORT), {"text": '[{"id": "kept"', "rename_keys": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "kept" in page
    assert "not JSON" in page
    assert "checked" in page[page.index('name="rename_keys"') :].partition(">")[0]


def test_nothing_and_both_are_refused(client) -> None:
    assert "Choose a file or paste" in client.post(reverse(IMPORT), {}).content.decode()
    answer = client.post(reverse(IMPORT), {"text": "[]", "file": SimpleUploadedFile("works.json", b"[]")})
    assert answer.status_code == 422
    assert "either a file or a paste" in answer.content.decode()


def test_a_large_import_is_read_by_a_worker_and_shows_how_far_it_is(client, page, monkeypatch) -> None:
    monkeypatch.setattr(import_jobs, "READ_AT_ONCE", 10)
    client.post(reverse(IMPORT), {"text": json.dumps(ENTRIES)})
    row = Import.objects.get()
    text = page(row)
    assert "<progress" in text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
    assert "js/progress.js" in text
    fragment = client.get(reverse("desk:import_progress", args=[row.pk])).content.decode()
    assert 'data-state="working"' in fragment
    assert "Waiting for its turn" in fragment
    Import.objects.filter(pk=row.pk).update(step="Reading the entries", done=1000, total=4000)
    fragment = client.get(reverse("desk:import_progress", args=[row.pk])).content.decode()
    assert "1,000 of 4,000" in fragment
    assert '<progress id="import-progress" max="4000" value="1000">' in fragment
    import_jobs.read(row.pk)
    assert 'data-state="over"' in client.get(reverse("desk:import_progress", args=[row.pk])).content.decode()
    assert "Take in 1 work<" in page(row)


def test_a_failed_import_says_so_and_can_be_tried_again(client, begin, act, page, monkeypatch) -> None:
    row = begin()
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs.library, "add_works", lambda *a, **k: 1 / 0)
        text = act(row, "take", shown="1", take="1")
    assert "The works could not be taken in. Nothing was changed; you can try again." in text
    assert Reference.objects.count() == 3
    assert "Take in 1 work<" in act(row, "again")
    assert "Added: 1." in act(row, "take", shown="1", take="1")


def test_an_import_is_dropped(client, begin) -> None:
    row = begin()
    answer = client.post(reverse("desk:import", args=[row.pk]), {"do": "drop"}, follow=True)
    assert "nothing was taken in" in answer.content.decode()
    assert client.get(reverse("desk:import", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert (bytes(row.content), bytes(row.preview)) == (b"", b"")


def test_what_is_pressed_too_late_is_refused_in_words(client, begin, act) -> None:
    row = begin()
    act(row, "take", shown="1", take="1")
    for do in ("take", "choose", "drop", "again", "rest", "nonsense", ""):
        answer = client.post(reverse("desk:import", args=[row.pk]), {"do": do, "shown": "1", "take": "1"})
        assert answer.status_code == 409, do
        assert "moved on meanwhile" in answer.content.decode()
    assert Reference.objects.count() == 4


@pytest.mark.parametrize("shown", ["x", "1,,9999", "²", "9" * 40, "-1"])
def test_nonsense_is_no_choice(begin, act, shown: str) -> None:
    assert "Take in 1 work<" in act(begin(), "choose", shown=shown, take=[shown, "1"])


def test_an_import_is_its_owners_and_the_editors(begin, browser, editor, person) -> None:
    row = begin()
    other = person("Olga Other", Role.AUTHOR)
    for name in ("desk:import", "desk:import_progress"):
        assert browser(other).get(reverse(name, args=[row.pk])).status_code == 404
        assert browser(editor).get(reverse(name, args=[row.pk])).status_code == 200
    assert browser(other).post(reverse("desk:import", args=[row.pk]), {"do": "take"}).status_code == 404
    assert "Pasted works" not in browser(other).get(reverse(IMPORT)).content.decode()
    assert "Pasted works" in browser(editor).get(reverse(IMPORT)).content.decode()


def test_many_entries_stand_on_several_pages(begin, page) -> None:
    row = begin([{"id": f"w{n}", "type": "book", "title": f"Volume {n} of many"} for n in range(120)])
    assert "Page 1 of 2" in page(row)
    assert "Volume 119 of many" in page(row, page=2)
    assert "Take in 120 works" in page(row)


def test_a_page_asks_few_queries(begin, client, django_assert_max_num_queries) -> None:
    row = begin([{"id": f"w{n}", "type": "book", "title": f"Volume {n} of many"} for n in range(120)])
    with django_assert_max_num_queries(9):
        client.get(reverse("desk:import", args=[row.pk]))
