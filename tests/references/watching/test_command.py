"""`manage.py watch_library` and the task: what they do, print, and end with."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from references.models import Alias, Check, Reference
from references.tasks import watch_library
from tests.local_apis import LocalApis

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)


@pytest.fixture
def works(apis: LocalApis) -> list[Reference]:
    made = []
    for key in ("alpha", "beta"):
        apis.set(f"10.5555/{key}")
        made.append(Reference.objects.create(key=key, title=f"The {key} trial", doi=f"10.5555/{key}"))
    return made


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code, and what was written to either stream."""
    out, errors = io.StringIO(), io.StringIO()
    code: object = 0
    try:
        call_command("watch_library", *arguments, stdout=out, stderr=errors)
    except SystemExit as end:
        code = end.code
    assert isinstance(code, int)
    return code, out.getvalue(), errors.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def test_a_round_prints_its_table_and_each_new_flag(apis, works):
    apis.retract("10.5555/alpha", "10.5555/notice")
    code, out, errors = run()
    assert (code, errors) == (0, "")
    assert out.splitlines() == [
        "                       clear   flagged   could not check",
        "Crossref                   1         1                 0",
        "New: retraction of @alpha, The alpha trial (Crossref)",
    ]
    assert run()[1].splitlines()[-1] == "Nothing was due."


def test_what_could_not_be_checked_ends_with_1(apis, works):
    apis.behave("failing", "crossref", times=1)
    code, out, _errors = run()
    assert code == 1
    assert out.splitlines()[1].split() == ["Crossref", "1", "0", "1"]


def test_all_asks_anew_and_keys_narrow(apis, works):
    run()
    Alias.objects.create(scheme="key", value="old", written="Old", reference=works[1])
    assert run("--all")[1].splitlines()[1].split() == ["Crossref", "2", "0", "0"]
    assert run("--keys", "alpha", "Old")[1].splitlines()[1].split() == ["Crossref", "2", "0", "0"]
    assert run("--keys", "Old")[1].splitlines()[1].split() == ["Crossref", "1", "0", "0"]
    assert run("--all", "--limit", "1")[1].splitlines()[1].split() == ["Crossref", "1", "0", "0"]
    assert "Nothing was due." in run("--all", "--source", "pubmed")[1]
    assert "gamma" in refused("--keys", "gamma")


def test_the_retraction_watch_file_may_be_named(apis, works, tmp_path: Path):
    path = tmp_path / "rw.csv"
    path.write_text(
        "Record ID,RetractionDOI,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,RetractionDate,Reason\n"
        "1,10.5555/n,10.5555/alpha,0,Retraction,1/31/2020 0:00,\n"
        "2,10.5555/n,nothing,0,Retraction,1/31/2020 0:00,\n"
    )
    for _twice in range(2):
        code, out, errors = run("--retraction-watch", str(path), "--source", "retraction-watch")
        assert code == 0
        assert out.splitlines()[1].split() == ["Retraction", "Watch", "1", "1", "0"]
        assert "rw.csv, line 3:" in errors
    path.write_text("a,b\n1,2\n")
    code, _out, errors = run("--retraction-watch", str(path))
    assert code == 1
    assert "This is not the Retraction Watch CSV" in errors
    assert Check.objects.filter(source="retraction-watch", outcome="failed").count() == 2
    assert "no file" in refused("--retraction-watch", str(tmp_path / "absent.csv"))
    assert "RETRACTION_WATCH_FILE" in refused("--source", "retraction-watch")


def test_bad_use_ends_with_2(apis, db):
    for arguments in (["--source", "nobody"], ["--limit", "0"], ["--limit", "x"]):
        with pytest.raises(CommandError) as refusal:
            run(*arguments)
        assert refusal.value.returncode in {1, 2}  # argparse itself ends with 2 at the command line.


def test_the_task_is_one_round_and_beat_knows_it(apis, works):
    watch_library.delay()
    assert Check.objects.filter(outcome="clear").count() == 2
    assert watch_library.name in {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}
