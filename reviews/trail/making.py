"""Writing the trail of an article, from the record as it stands at one moment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from reversion.errors import RevertError
from reversion.models import Version

from articles import editions, history
from articles.models import Article
from people.models import User
from reviews.models import ChainHead, Transition
from reviews.trail.reading import written
from reviews.trail.rows import ROWS, as_data, people_in

OF: dict[str, str] = {
    "comments": "thread__article",
    "invitation_steps": "invitation__edition__article",
    "invitations": "edition__article",
    "renewals": "edition__article",
    "statements": "edition__article",
    "verdicts": "edition__article",
}
"""How rows are found that do not name their article themselves."""


class NotWritten(Exception):
    """A record that cannot be exported; its text is one plain sentence."""


def of_article(article: Article, *, by: str) -> bytes:
    """The file: everything that is kept of the article, and the hashes of the whole chain. Raises NotWritten.

    `by` is who exports it, by name. One moment is written: moves of the article wait until it is read. The number of
    queries does not grow with the article.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().select_related(None).get(pk=article.pk)
        head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
        earlier = Transition.objects.filter(number__lte=head.number).order_by("number")
        chain = "".join(earlier.values_list("hash", flat=True).iterator(chunk_size=5000))
        found = {name: _rows(name, row) for name in ROWS if name != "declarations"}
        found["declarations"] = _declarations(found)
        versions = [_version(one) for one in history.versions_of(row)[::-1]]
    people = {row.owner_id}.union(*(people_in(name, rows) for name, rows in found.items()))
    people |= {one["by"] for one in versions if one["by"] is not None}
    try:
        lists: dict[str, Any] = {name: [as_data(name, one) for one in rows] for name, rows in found.items()}
    except UnicodeDecodeError:
        raise NotWritten("A text of the record is no text any more: verify_record says which.") from None
    return written(
        lists
        | {
            "article": {
                "id": row.pk,
                "slug": row.slug,
                "question": row.question,
                "version": row.version,
                "owner": row.owner_id,
            },
            "exported": {"at": timezone.now().isoformat(), "by": by, "site": settings.SITE_URL},
            "head": {"number": head.number, "hash": head.hash},
            "chain": chain,
            "versions": versions,
            "people": [
                {"id": one.pk, "name": one.printed_name} for one in User.objects.filter(pk__in=people).order_by("pk")
            ],
        }
    )


def _rows(name: str, article: Article) -> list[Any]:
    model, _fields = ROWS[name]
    rows: models.QuerySet[Any] = model._default_manager.filter(**{OF.get(name, "article"): article})
    return list(rows.order_by("number" if name == "transitions" else "pk"))


def _declarations(found: dict[str, list[Any]]) -> list[Any]:
    """The declarations that were signed with the verdicts and renewals among these rows."""
    named = set()
    signed = [(row, editions.VERDICT) for row in found["verdicts"]]
    signed += [(row, editions.RENEWAL) for row in found["renewals"]]
    for row, name in signed:
        try:
            named.add(editions.parse(name, row.statement)["declaration"]["id"])
        except (editions.Altered, KeyError, TypeError):
            continue  # signed before declarations had rows, or altered: then the check says so
    return list(ROWS["declarations"][0]._default_manager.filter(pk__in=named).order_by("pk"))


def _version(version: Version) -> dict[str, Any]:
    """One saved version: who, when and why, and the digest of what it holds, which is not in the file."""
    try:
        number: int | None = history.number_of(version)
    except (RevertError, KeyError):
        number = None
    return {
        "id": version.pk,
        "number": number,
        "at": version.revision.date_created.isoformat(),
        "by": version.revision.user_id,
        "comment": version.revision.comment,
        "digest": editions.digest(version.serialized_data.encode()),
    }
