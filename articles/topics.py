"""Topics as a tree: what stands above and below a topic, and what an editor may change of one.

A topic's name is what editions were frozen with, and stays. There are few topics: a tree is read whole, in one query.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import reversion
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.models import Topic
from people.models import Role, User
from references.folding import tidy_text

DEEPEST = 4
"""Levels of the tree."""
LONGEST_DESCRIPTION = 600


class Refused(Exception):
    """What may not be done with a topic; its text is one plain sentence. Nothing was changed."""


class Conflict(Exception):
    """Somebody changed the topic since this edit began. `current` is its newest state; the edit is not saved."""

    def __init__(self, current: Topic) -> None:
        super().__init__(f"Version {current.version} was saved meanwhile.")
        self.current = current


@dataclass(frozen=True)
class Tree:
    """All topics by their numbers, and the children of each by name; those at the top are children of None."""

    topics: dict[int, Topic] = field(default_factory=dict)
    children: dict[int | None, list[Topic]] = field(default_factory=dict)

    def path_to(self, topic: Topic) -> list[Topic]:
        """The topics above this one, the topmost first."""
        path: list[Topic] = []
        above = topic.parent_id
        while above is not None and len(path) <= DEEPEST:
            path.insert(0, self.topics[above])
            above = self.topics[above].parent_id
        return path

    def below(self, pk: int) -> list[int]:
        """The number of a topic and those of all topics under it."""
        found = [pk]
        for one in found:
            found += [child.pk for child in self.children.get(one, ()) if child.pk not in found]
        return found

    def height(self, pk: int) -> int:
        """How many levels a topic and those under it take."""
        return 1 + max((self.height(child.pk) for child in self.children.get(pk, ())), default=0)


def tree() -> Tree:
    """The topics as they stand. One query."""
    topics = {topic.pk: topic for topic in Topic.objects.order_by("name")}
    children = defaultdict[int | None, list[Topic]](list)
    for topic in topics.values():
        if topic.parent_id:
            topic.parent = topics[topic.parent_id]
        children[topic.parent_id].append(topic)
    return Tree(topics, dict(children))


def slug_and_below(slug: str) -> QuerySet[Topic]:
    """The topic with this slug and all topics under it, as a part of another query."""
    levels = ("__".join(["parent"] * depth + ["slug"]) for depth in range(DEEPEST))
    return Topic.objects.filter(reduce(or_, (Q(**{level: slug}) for level in levels))).order_by()


def in_order(whole: Tree, *, above: int | None = None, depth: int = 0) -> list[tuple[Topic, int]]:
    """All topics as one reads a tree, each with its depth from 0."""
    found: list[tuple[Topic, int]] = []
    for topic in whole.children.get(above, ()):
        found += [(topic, depth), *in_order(whole, above=topic.pk, depth=depth + 1)]
    return found


def places_for(topic: Topic, whole: Tree) -> list[tuple[Topic, int]]:
    """The topics under which this one may stand, with their depths: none of those below it, and none too deep."""
    taken, height = set(whole.below(topic.pk)), whole.height(topic.pk)
    return [(one, depth) for one, depth in in_order(whole) if one.pk not in taken and depth + 1 + height <= DEEPEST]


def save(
    topic: Topic, *, by: User, base_version: int, parent: int | None, description: str, comment: str = ""
) -> Topic:
    """Save what a topic is about and under which other it stands, as a version. Only for editors.

    Raises Refused, ValidationError with sentences by field (no topic stands under itself or one of its own), and
    Conflict on an older base.
    """
    if Role.EDITOR.value not in by.roles():
        raise Refused(_("Only an editor changes topics."))
    with transaction.atomic(), reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment((comment or _("Changed"))[:2000])
        # All of them: two changes at once could close a circle that neither sees.
        list(Topic.objects.select_for_update().order_by("pk"))
        whole = tree()
        row = whole.topics[topic.pk]
        if row.version != base_version:
            raise Conflict(row)
        description = tidy_text(description)
        if len(description) > LONGEST_DESCRIPTION:
            raise ValidationError(
                {"description": [_("At most %(limit)d characters fit.") % {"limit": LONGEST_DESCRIPTION}]}
            )
        if parent is not None and parent not in {one.pk for one, _depth in places_for(row, whole)}:
            raise ValidationError(
                {
                    "parent": [
                        _("It can't stand there: a topic stands under none of its own, and %(levels)d levels fit.")
                        % {"levels": DEEPEST}
                    ]
                }
            )
        row.parent_id, row.description = parent, description
        row.version += 1
        row.save()
    return row
