"""`python -m benchmarks.one_answer FILE [--copies N]`: migrate, publish an answer, and write its page to FILE.

With --copies its finished pages stand under so many addresses, the further ones `SLUG-1`, `SLUG-2` …: as many rows as
so many answers have. Prints the answer's slug and the page's size, plain and packed.
"""

from __future__ import annotations

import argparse
import gzip
import os
from pathlib import Path

import django

PARAGRAPH = (
    "In the trials that were pooled, the risk fell from 4 to 3 in 100 over two years, and the interval around the "
    "difference held both a small benefit and none [@bench-{one}; @bench-{two}]. Treatment was stopped for harm in "
    "few people.\n\n"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--copies", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from articles import drafting
    from articles.models import Article, LivePage
    from people import interests
    from people.models import Appointment, Role, User
    from references.models import Reference
    from reviews import workflow

    author, member, editor = (
        User.objects.create_user(f"{role}@bench.example", "a password of the benchmark", name=role) for role in "abc"
    )
    for user, role in ((author, Role.AUTHOR), (member, Role.BOARD_MEMBER), (editor, Role.EDITOR)):
        Appointment.objects.create(user=user, role=role)
        interests.declare(user, {})
    for number in range(8):
        Reference.objects.create(key=f"bench-{number}", title=f"Trial number {number}", year=2020, container="Journal")
    body = "".join(
        f"## Section {section}\n\n"
        + "".join(PARAGRAPH.format(one=(section + n) % 8, two=(section + n + 3) % 8) for n in range(4))
        for section in range(5)
    )
    article = Article(question="Does the treatment help?", lead="Perhaps a little [@bench-0].", body=body, owner=author)
    drafting.save(article, by=author, base_version=0)
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password="a password of the benchmark")
    workflow.publish(edition, by=editor)
    page = bytes(LivePage.objects.get(path=article.slug, audience="").body)
    options.file.write_bytes(page)
    pages = list(LivePage.objects.filter(path=article.slug))
    for number in range(1, options.copies):
        for one in pages:
            one.pk, one.path = None, f"{article.slug}-{number}"
        LivePage.objects.bulk_create(pages)
    print(article.slug, len(gzip.decompress(page)), len(page))


if __name__ == "__main__":
    main()
