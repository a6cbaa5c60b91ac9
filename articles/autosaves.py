"""Texts that are typed and not saved yet, kept apart from the versions. An autosave is no save: it makes no version and
no contributor, and only the person who typed it can see it.
"""

from __future__ import annotations

import datetime
import json
import re
import time
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Autosave
from people.models import User

KEPT_FOR = datetime.timedelta(days=30)
"""How long a text waits for its person; after that the sweep forgets it."""
LARGEST = 1_000_000
"""Bytes of all fields together: several times what an article may hold, so that a text that is too long is kept."""
MOST = 20
"""Texts that are kept for one person and one article (or for new answers together). The oldest go first."""
TAB = re.compile(r"[0-9a-f]{32}")
HIGHEST = 2**53


class Refused(Exception):
    """A text that is not kept; its words are one plain sentence."""


class Older(Exception):
    """A text that is not kept because the tab's row holds one that is as new or newer: `number` is that one's.

    `is_closed`: that one was saved as a version, or discarded.
    """

    def __init__(self, *, number: int, is_closed: bool) -> None:
        super().__init__(number)
        self.number, self.is_closed = number, is_closed


def moment() -> int:
    """A number for a text that comes without one: milliseconds, as browsers count them."""
    return int(time.time() * 1000)


def keep(
    article: Article | None,
    *,
    by: User,
    tab: str,
    number: int,
    base_version: int,
    fields: Mapping[str, str],
    at: datetime.datetime | None = None,
) -> Autosave:
    """Keep what stands in an editor, where nothing newer of that tab is kept. Raises Older and Refused."""
    if not TAB.fullmatch(tab) or not 0 < number < HIGHEST:
        raise Refused(_("This page is not one of ours. Open the editor again."))
    if len(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")) > LARGEST:
        raise Refused(
            _("The text is longer than %(limit)d kB, more than can be kept for you. Please shorten it.")
            % {"limit": LARGEST // 1000}
        )
    now = at or timezone.now()
    values = {
        "article": article,
        "number": number,
        "base_version": base_version,
        "fields": {name: text.replace("\x00", "") for name, text in fields.items()},
        "saved_at": now,
        "closed_at": None,
    }
    mine = Autosave.objects.filter(person=by, tab=tab)
    if not mine.filter(number__lt=number).update(**values):
        try:
            with transaction.atomic():
                Autosave.objects.create(person=by, tab=tab, **values)
        except IntegrityError:
            # The tab has a row: made meanwhile with an older text, or holding this one or a newer one.
            if not mine.filter(number__lt=number).update(**values):
                row = mine.get()
                raise Older(number=row.number, is_closed=row.closed_at is not None) from None
        else:
            _forget_beyond_most(article, by)
    return mine.get()


def close(*, by: User, tab: str, number: int | None = None, at: datetime.datetime | None = None) -> None:
    """Forget the text of a tab: it was saved as a version, or discarded.

    With `number`, the number of what was saved, a text of the tab that is newer stays, and an older one that arrives
    late is not kept any more.
    """
    if not TAB.fullmatch(tab):
        return
    now = at or timezone.now()
    mine = Autosave.objects.filter(person=by, tab=tab)
    closed = {"fields": {}, "closed_at": now, "saved_at": now}
    if number is None or not 0 < number < HIGHEST:
        mine.update(**closed)
        return
    if mine.filter(number__lte=number).update(**closed, number=number):
        return
    Autosave.objects.bulk_create(
        [Autosave(person=by, tab=tab, base_version=0, number=number, **closed)], ignore_conflicts=True
    )
    # A late arrival may have made the row between the two.
    mine.filter(number__lte=number).update(**closed, number=number)


def of(person: User, article: Article | None) -> QuerySet[Autosave]:
    """The texts that wait for this person in this article (None: in new answers), newest first."""
    return Autosave.objects.filter(person=person, article=article, closed_at=None).order_by("-saved_at", "-pk")


def forget_old(*, at: datetime.datetime | None = None) -> int:
    """Delete what nobody came back for; returns how many. Called by the sweep."""
    old = (at or timezone.now()) - KEPT_FOR
    return Autosave.objects.filter(saved_at__lt=old).delete()[0]


def _forget_beyond_most(article: Article | None, by: User) -> None:
    beyond = list(of(by, article).values_list("pk", flat=True)[MOST : MOST + 100])
    if beyond:
        Autosave.objects.filter(pk__in=beyond).delete()
