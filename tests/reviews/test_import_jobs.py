"""Importing with several processes: nothing is lost, order holds within a group, and an early end is told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from articles.interchange.folders import Collection, collections_at
from articles.models import Article, Publication
from people.models import User
from reviews import import_jobs
from reviews.importing import Import, LeftOut, Options, Report
from reviews.verifying import problems

HERE = Collection(Path("here"))


class Work:
    """Stands for an import: each file tells which process took it, and in which place."""

    def __init__(self, fatal: str = "") -> None:
        self.report = Report()
        self.fatal = fatal

    def take_file(self, _collection: Collection, path: Path) -> None:
        if path.name == self.fatal:
            os._exit(1)
        self.report.articles["new"] += 1
        self.report.left_out.append(LeftOut(path.name, len(self.report.left_out), str(os.getpid())))


def plan(*groups: str) -> list[list[Any]]:
    return [[(HERE, Path(name)) for name in group.split()] for group in groups]


def test_every_file_is_taken_once_and_groups_stay_together_in_order() -> None:
    work = Work()
    done = list(import_jobs.run(work, plan("a1 a2 a3", "b", "c1 c2", "d"), jobs=2))  # type: ignore[arg-type]
    taken = {row.name: row for row in work.report.left_out}

    assert sorted(path.name for path in done) == sorted(taken) == ["a1", "a2", "a3", "b", "c1", "c2", "d"]
    assert work.report.articles["new"] == 7
    assert len({row.reason for row in taken.values()}) == 2
    assert len({taken[name].reason for name in ("a1", "a2", "a3")}) == 1
    assert taken["a1"].line < taken["a2"].line < taken["a3"].line  # type: ignore[operator]


def test_one_job_takes_the_files_in_the_order_of_their_names() -> None:
    done = list(import_jobs.run(Work(), plan("b1 a1", "a2"), jobs=1))  # type: ignore[arg-type]
    assert [path.name for path in done] == ["a1", "a2", "b1"]


def test_a_process_that_ends_early_is_told_after_the_others_are_done() -> None:
    work = Work(fatal="a1")
    with pytest.raises(import_jobs.JobEnded):
        list(import_jobs.run(work, plan("a1 a2", "b1 b2"), jobs=2))  # type: ignore[arg-type]
    assert {row.name for row in work.report.left_out} == {"b1", "b2"}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_processes_release_with_one_whole_chain(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The suite's SQLite is in memory, where no other process can see it.")
    (tmp_path / "heart" / "articles").mkdir(parents=True)
    for number in range(12):
        head = f"---\ntitle: Does it help {number // 4}?\ndescription: Yes.\ntopics: [Heart]\n---\n"
        (tmp_path / "heart" / "articles" / f"{number:02}.md").write_text(f"{head}It does [@one].\n")
    work = {"id": "one", "type": "book", "title": "One"}
    (tmp_path / "heart" / "references.json").write_text(json.dumps([work]))
    by = User.objects.create_superuser("root@example.org", None, name="Root")

    run = Import(Options(by=by, submit=True, release=True))
    groups = run.plan(collections_at(tmp_path))
    assert len(list(import_jobs.run(run, groups, jobs=2))) == 12

    assert (run.report.articles["released"], run.report.left_out) == (12, [])
    assert Publication.objects.count() == 12
    assert dict(Article.objects.values_list("source_id", "slug"))["heart/07"] == "does-it-help-1-4"
    assert list(problems()) == []
