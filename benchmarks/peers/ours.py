"""What the benchmark asks of our site besides pages: `python -m benchmarks.peers.ours make|load|writes …`.

    make FILE           migrate, collect static files, make the people and one long answer; its page's bytes go to FILE
    load FOLDER         import, submit and release an archive with all cores
    writes COUNT        save a draft, submit it, take it up, approve it and publish it: milliseconds of each

Each prints JSON on its last line. The work is done by the functions that the desk's screens call.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from benchmarks.peers import text

PASSWORD = "a password of the benchmark"


def make(file: str) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from articles.models import LivePage
    from people import interests
    from people.models import Appointment, Role, User
    from references.models import Reference
    from reviews import workflow

    roles = {"author": Role.AUTHOR, "member": Role.BOARD_MEMBER, "editor": Role.EDITOR}
    people = {name: User.objects.create_user(f"{name}@bench.example", PASSWORD, name=name) for name in roles}
    for name, user in people.items():
        Appointment.objects.create(user=user, role=roles[name])
        interests.declare(user, {})
    for work in text.long_works():
        Reference.objects.create(
            key=work["id"], title=work["title"], year=work["year"], container=work["container-title"]
        )
    edition = workflow.submit(_draft(people["author"], 0), by=people["author"])
    workflow.take_up(edition, by=people["member"])
    workflow.decide(edition, by=people["member"], kind="approve", password=PASSWORD)
    workflow.publish(edition, by=people["editor"])
    page = bytes(LivePage.objects.get(path=edition.article.slug, audience="").body)
    Path(file).write_bytes(page)
    return {"path": f"/answers/{edition.article.slug}/"}


def load(folder: str) -> dict[str, Any]:
    from articles.interchange.folders import collections_at
    from articles.search import index
    from people.models import User
    from reviews import import_jobs
    from reviews.importing import Import, Options

    by = User.objects.create_superuser("loader@bench.example", None, name="Loader")
    began = time.perf_counter()
    work = Import(Options(by=by, submit=True, release=True))
    groups = work.plan(collections_at(Path(folder)))
    done = len(list(import_jobs.run(work, groups, jobs=len(os.sched_getaffinity(0)))))
    seconds = time.perf_counter() - began
    assert work.report.articles["released"] == done, work.report
    index.recount()
    return {"pages": done, "seconds": seconds}


def writes(count: str) -> dict[str, list[float]]:
    from articles import drafting
    from articles.models import Article
    from people.models import User
    from reviews import proving, workflow

    author, member, editor = (
        User.objects.get(email=f"{name}@bench.example") for name in ("author", "member", "editor")
    )
    taken: dict[str, list[float]] = {}

    def timed(name: str, do: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = do()
        taken.setdefault(name, []).append(1000 * (time.perf_counter() - began))
        return result

    for number in range(int(count) + 1):
        made = _draft(author, number)
        article = Article.objects.get(pk=made.pk)
        article.body = text.long_body(number + 1)
        timed("save", lambda: drafting.save(article, by=author, base_version=1))  # noqa: B023 - called at once
        edition = timed("submit", lambda: workflow.submit(article, by=author))  # noqa: B023
        timed("take up", lambda: workflow.take_up(edition, by=member))  # noqa: B023
        timed("approve", lambda: workflow.decide(edition, by=member, kind="approve", password=PASSWORD))  # noqa: B023
        timed("the password alone", lambda: proving.is_proven(member, PASSWORD))
        timed("publish", lambda: workflow.publish(edition, by=editor))  # noqa: B023
    kept = {name: times[1:] for name, times in taken.items()}
    signing = zip(kept["approve"], kept["the password alone"], kept["publish"], strict=True)
    kept["approve and publish, less the password"] = [one - password + other for one, password, other in signing]
    return kept


def _draft(author: Any, number: int) -> Any:
    from articles import drafting
    from articles.models import Article

    named = "" if not number else f" In case {time.time_ns()}?"
    draft = Article(
        question=f"{text.QUESTION}{named}", heading=text.HEADING, lead=text.LEAD, body=text.long_body(0), owner=author
    )
    return drafting.save(draft, by=author, base_version=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    command, *arguments = sys.argv[1:]
    print(json.dumps({"make": make, "load": load, "writes": writes}[command](*arguments)))
