"""The history of drafting: the versions of an article as django-reversion keeps them, read and restored.

State, editions and approvals are no part of it: restoring an old version restores words, and nothing else.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from reversion.errors import RevertError
from reversion.models import Version

from articles import drafting, freezing
from articles.markup.citations import possible_keys
from articles.models import AnswerKind, Article, Topic
from people.models import User

RESTORED = (*drafting.TEXT_FIELDS, "keywords", "byline", "searched_on", "language", "follow_up_of_id", "kind_id")
"""What a restored version brings back, besides its topics. Address, owner and origin stay as they are."""


def versions_of(article: Article) -> QuerySet[Version]:
    """The article's versions, newest first, each with its revision (when, why) and the person who saved it."""
    return Version.objects.get_for_object(article).select_related("revision__user")


def version_numbered(article: Article, number: int) -> Version | None:
    """The version of this number, whose place is known, since each save makes one; None where it can't be read."""
    back = article.version - number
    if not 0 <= back < article.version:
        return None
    version = versions_of(article)[back : back + 1].first()
    try:
        return version if version and number_of(version) == number else None
    except RevertError:
        return None


def fields_at(version: Version) -> dict[str, Any]:
    """The fields that can be restored as they stood in a version; `topics` as those that still exist.

    Left out, so that they stay as they are: fields that the model no longer has, fields that it did not have yet, and
    links to what is no longer there. Raises reversion's RevertError where the stored row can't be read at all.
    """
    stored, known = version.field_dict, _names_in(version)
    fields = {name: stored[name] for name in RESTORED if name in stored and name.removesuffix("_id") in known}
    for name, model in (("follow_up_of_id", Article), ("kind_id", AnswerKind)):
        if fields.get(name) and not model.objects.filter(pk=fields[name]).exists():
            del fields[name]
    if "topics" in known:
        fields["topics"] = list(Topic.objects.filter(pk__in=stored.get("topics") or ()))
    return fields


def _names_in(version: Version) -> set[str]:
    """The fields that the stored row names; reversion fills in those that it lacks."""
    try:
        return set(json.loads(version.serialized_data)[0]["fields"])
    except (ValueError, LookupError, TypeError) as error:
        raise RevertError(str(error)) from error


def number_of(version: Version) -> int:
    """The article's version number that this version holds."""
    return int(version.field_dict["version"])


def article_at(version: Version) -> tuple[Article, list[Topic]]:
    """The article as it stood, as an unsaved copy, and its topics."""
    fields = fields_at(version)
    topics = fields.pop("topics", [])
    return Article(**fields), topics


def source_at(version: Version) -> dict[str, Any]:
    """What the author had written then, in the shape of `freezing.source_of`, for comparisons."""
    article, topics = article_at(version)
    return source_of(article, topics)


def source_of(article: Article, topics: list[Topic]) -> dict[str, Any]:
    """The source of an article that need not be saved, with its topics and the question that it follows up.

    Versions hold words. The images belong to the article as it is, not to one of its versions.
    """
    source = freezing.source_of(article, {})
    source["topics"] = sorted(topic.name for topic in topics)
    source["follow_up_of"] = article.follow_up_of.question if article.follow_up_of else ""
    return source


def keys_of(source: dict[str, Any]) -> set[str]:
    """Every key that the texts of a source may cite."""
    texts = (source["bottom_line"]["lead"], source["plain_bottom_line"]["lead"], source["body"])
    return set().union(*map(possible_keys, texts))


def restore(article: Article, version: Version, *, by: User, base_version: int) -> Article:
    """Save what a version of this article held as its newest version. Raises drafting.Conflict and ValidationError."""
    if not versions_of(article).filter(pk=version.pk).exists():
        raise ValueError("The version belongs to another article.")
    fields = fields_at(version)
    topics = fields.pop("topics", None)
    for name, value in fields.items():
        setattr(article, name, value)
    comment = _("Restored version %(number)d") % {"number": number_of(version)}
    return drafting.save(article, by=by, base_version=base_version, comment=comment, topics=topics)
