"""Backups: only finished ones have a name, old ones go when asked, and a failure is a sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config import backups


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"x")


def test_the_newest_is_told_by_its_name(tmp_path: Path):
    touch(tmp_path, "imprimatur-20260102T000000Z.dump", "imprimatur-20260103T000000Z.sqlite3", "notes.txt")
    touch(tmp_path, ".imprimatur-20260104T000000Z.dump.part", "imprimatur-20260105T000000Z.txt")
    assert [path.name[:18] for path in backups.copies(tmp_path)] == ["imprimatur-2026010"] * 2
    assert backups.newest(tmp_path) == tmp_path / "imprimatur-20260103T000000Z.sqlite3"
    assert backups.newest(tmp_path / "nowhere") is None


def test_old_ones_go_and_nothing_else(tmp_path: Path):
    touch(tmp_path, *(f"imprimatur-2026010{day}T000000Z.dump" for day in (1, 2, 3)), "notes.txt")
    gone = backups.drop_old(tmp_path, 2)
    assert [path.name for path in gone] == ["imprimatur-20260101T000000Z.dump"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.django_db
def test_what_fails_leaves_nothing_and_deletes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    touch(tmp_path, "imprimatur-20260101T000000Z.dump", "imprimatur-20260102T000000Z.dump")

    def fail(file: Path) -> None:
        file.write_bytes(b"half")
        raise backups.Failed("The disk is full.")

    monkeypatch.setattr(backups, "_copy_sqlite", fail)
    monkeypatch.setattr(backups, "_dump", fail)
    with pytest.raises(CommandError, match="The disk is full"):
        call_command("backup", to=tmp_path, keep=1)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    touch(tmp_path, "a-file")
    with pytest.raises(CommandError, match="a-file"):
        call_command("backup", to=tmp_path / "a-file")


@pytest.mark.parametrize(
    ("options", "said"), [({}, "Say where to"), ({"to": Path("x"), "keep": 0}, "no copy would be left")]
)
def test_bad_input(settings: Any, options: dict[str, Any], said: str):
    settings.BACKUP_DIR = ""
    with pytest.raises(CommandError, match=said):
        call_command("backup", **options)


@pytest.mark.django_db
class TestPgDump:
    def test_without_it_one_is_told_what_to_install(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(backups.Failed, match="pg_dump is not here"):
            backups._dump(tmp_path / "x")

    def test_its_refusal_is_told_and_no_password_is_among_its_arguments(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        asked: list[Any] = []

        def run(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
            asked.append((words, options["env"]))
            return subprocess.CompletedProcess(words, 1, "", "pg_dump: error:\nserver version mismatch")

        monkeypatch.setattr(backups.subprocess, "run", run)
        monkeypatch.setattr(
            backups,
            "connection",
            type(
                "C", (), {"settings_dict": {"NAME": "n", "USER": "u", "PASSWORD": "secret", "HOST": "h", "OPTIONS": {}}}
            ),
        )
        with pytest.raises(backups.Failed, match="server version mismatch"):
            backups._dump(tmp_path / "x")
        [(words, environment)] = asked
        assert words[0] == "pg_dump"
        assert "secret" not in " ".join(words)
        assert environment["PGPASSWORD"] == "secret"
        assert words[-1] == "n" or "n" in words
