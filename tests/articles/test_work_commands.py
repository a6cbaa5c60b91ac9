"""`import_works` and `export_works`: what they say, and the codes with which they end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from references.formats import reading as formats
from references.models import Alias, Reference

pytestmark = pytest.mark.django_db
GOOD = [{"id": f"w{n}", "type": "book", "title": f"Volume {n} of many"} for n in range(3)]


@pytest.fixture
def run(django_user_model, tmp_path):
    django_user_model.objects.create_superuser("chief@example.org", None, name="Chief")

    def command(*contents: object, **options: object) -> tuple[int, str, str]:
        paths = []
        for number, content in enumerate(contents):
            path = tmp_path / f"works{number}.json"
            path.write_text(content if isinstance(content, str) else json.dumps(content))
            paths.append(str(path))
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command("import_works", *paths, stdout=out, stderr=err, **options)
        except CommandError as error:
            code = error.returncode
        return code, out.getvalue(), err.getvalue()

    return command


def test_works_are_imported_and_the_second_time_are_here(run):
    code, out, err = run(GOOD)
    assert (code, err) == (0, "")
    assert "3 new." in out
    assert Reference.objects.count() == 3
    code, out, _err = run(GOOD)
    assert code == 0
    assert "3 here already." in out


def test_a_dry_run_changes_nothing(run):
    code, out, _err = run(GOOD, dry_run=True)
    assert code == 0
    assert "dry run, nothing was changed: 3 new." in out
    assert not Reference.objects.exists()


def test_what_is_left_out_is_named(run):
    code, out, err = run([*GOOD, {"id": "x"}, {"id": "W0", "title": "Quite another"}])
    assert code == 1
    assert "entry 4 (x): broken." in err
    assert "The key W0 stands for another work" in err
    assert Reference.objects.count() == 3
    code, out, _err = run([{"id": "W0", "title": "Quite another"}], rename_keys=True)
    assert code == 0
    assert "It is @quite-nd-another here." in out


def test_what_cannot_be_read_ends_with_2_and_the_rest_goes_on(run):
    code, _out, err = run("{", GOOD)
    assert code == 2
    assert "not JSON" in err
    assert Reference.objects.count() == 3
    with pytest.raises(CommandError) as caught:
        call_command("import_works", "/nowhere/works.bib", stderr=io.StringIO())
    assert caught.value.returncode == 2


def test_empty_fields_are_completed_when_asked(run):
    run(GOOD)
    assert run([GOOD[0] | {"publisher": "Press"}])[0] == 0
    assert Reference.objects.get(key="w0").publisher == ""
    run([GOOD[0] | {"publisher": "Press"}], complete=True)
    assert Reference.objects.get(key="w0").publisher == "Press"


def test_nobodys_name_is_refused(run):
    assert run(GOOD, by="nobody@example.org")[0] == 2
    assert not Reference.objects.exists()


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl"])
def test_what_is_exported_can_be_imported(run, tmp_path, format):
    run(GOOD)
    row = Reference.objects.get(key="w1")
    Alias.objects.create(scheme="key", value="old", written="Old", reference=row)
    path = tmp_path / "out"
    call_command("export_works", format=format, output=path, stdout=io.StringIO())
    assert [work.key for work in formats.read(path.read_bytes(), format=format).works] == ["w0", "w1", "w2"]
    out = io.StringIO()
    call_command("export_works", format=format, keys=["w0", "Old"], stdout=out)
    assert [work.key for work in formats.read(out.getvalue(), format=format).works] == ["w0", "w1"]


def test_an_articles_works_are_exported(draft):
    type(draft).objects.filter(pk=draft.pk).update(slug="does-alpha-help")
    out = io.StringIO()
    call_command("export_works", format="csl", article="does-alpha-help", stdout=out)
    assert [item["id"] for item in json.loads(out.getvalue())] == ["alpha", "beta"]


def test_what_is_not_there_is_not_exported(draft):
    for words in ({"keys": ["alpha", "none"]}, {"article": "none"}, {"output": Path("/nowhere/out.json")}):
        with pytest.raises(CommandError):
            call_command("export_works", format="csl", stdout=io.StringIO(), **words)
