"""What the benchmark asks of Wagtail besides pages: `work.py make|load|writes …`, each prints JSON on its last line.

make                   migrate, collect static files, make the site, its people and workflow, and one long answer
load FOLDER PART OF    publish every OF-th article of an archive, from PART on, under a list of its own
writes COUNT           save a draft, submit it, approve and publish it, so many times: milliseconds of each
"""

import json
import os
import sys
import time
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

import markdown  # noqa: E402
from answers.models import AnswerPage, AnswersPage, Work  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from wagtail.models import GroupApprovalTask, Page, Site, Workflow, WorkflowTask  # noqa: E402

from benchmarks.peers import text  # noqa: E402


def html(source):
    return markdown.markdown(source, extensions=["tables"], output_format="html")


def page_of(one, owner):
    """An unsaved page of an archive's article or of the long answer."""
    numbers = {work["id"]: number for number, work in enumerate(one.works, start=1)}
    page = AnswerPage(
        title=one.question[:255],
        heading=text.HEADING,
        lead=html(text.with_links(one.lead, numbers)),
        body=html(text.with_links(one.body, numbers)),
        search_description=one.lead[:250],
        owner=owner,
    )
    page.works = [
        Work(
            kind=work.get("type", "article-journal"),
            title=work["title"][:500],
            source=str(work.get("container-title") or work.get("publisher") or "")[:200],
            year=work.get("year"),
            doi=work.get("DOI", ""),
        )
        for work in one.works
    ]
    return page


def add(parent, one, owner):
    """Publish an article under this list."""
    page = page_of(one, owner)
    parent.add_child(instance=page)
    page.save_revision(user=owner).publish(user=owner)
    return page


def section(title):
    root = Site.objects.get(is_default_site=True).root_page
    page = AnswersPage(title=title, slug=title.lower().replace(" ", "-"))
    root.add_child(instance=page)
    page.save_revision().publish()
    return page


def long_answer():
    return text.Text(text.QUESTION, text.LEAD, text.long_body(0), text.long_works())


def make():
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    author = User.objects.create_user("author", "author@bench.example", "x" * 20)
    moderator = User.objects.create_user("moderator", "moderator@bench.example", "x" * 20)
    loader = User.objects.create_superuser("loader", "loader@bench.example", "x" * 20)
    editors, moderators = Group.objects.get(name="Editors"), Group.objects.get(name="Moderators")
    author.groups.add(editors)
    moderator.groups.add(moderators)
    if not Workflow.objects.filter(active=True).exists():
        workflow = Workflow.objects.create(name="Moderation")
        task = GroupApprovalTask.objects.create(name="Approval")
        task.groups.add(moderators)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    page = add(section("Answers"), long_answer(), loader)
    return {"path": page.url_path.removeprefix("/home")}


def load(folder, part, of):
    articles = text.archive(Path(folder))[int(part) :: int(of)]
    owner = User.objects.get(username="loader")
    parent = AnswersPage.objects.filter(slug=f"archive-{part}").first() or section(f"Archive {part}")
    began = time.perf_counter()
    for one in articles:
        add(parent, one, owner)
    return {
        "pages": len(articles),
        "seconds": time.perf_counter() - began,
        "list": parent.url_path.removeprefix("/home"),
    }


def writes(count):
    author, moderator = User.objects.get(username="author"), User.objects.get(username="moderator")
    workflow = Workflow.objects.filter(active=True).first()
    parent = AnswersPage.objects.get(slug="answers")
    taken = {"save": [], "submit": [], "approve and publish": []}

    def timed(name, do):
        began = time.perf_counter()
        result = do()
        taken[name].append(1000 * (time.perf_counter() - began))
        return result

    for number in range(int(count) + 1):
        page = page_of(long_answer(), author)
        page.title, page.live = f"A draft of {time.time_ns()}", False
        parent.add_child(instance=page)
        page.save_revision(user=author)
        page = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
        page.body = html(text.with_links(text.long_body(number + 1), {f"bench-{n}": n + 1 for n in range(text.WORKS)}))
        timed("save", lambda: page.save_revision(user=author, log_action=True))  # noqa: B023 - called at once
        state = timed("submit", lambda: workflow.start(page, author))  # noqa: B023
        timed("approve and publish", lambda: state.current_task_state.approve(user=moderator))  # noqa: B023
        assert Page.objects.get(pk=page.pk).live
    return {name: times[1:] for name, times in taken.items()}


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    print(json.dumps({"make": make, "load": load, "writes": writes}[command](*arguments)))
