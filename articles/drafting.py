"""The one way to save an article: a version with its author and comment, refused where it is no longer the newest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import alike, comments, links, publishing, slugs
from articles.markup import characters, citations
from articles.models import Article, Citation, Contributor, Topic
from people.models import Role, User
from people.words import is_seen, typed
from references.identity import keys

TEXT_FIELDS = ("question", "plain_question", "heading", "lead", "plain_heading", "plain_lead", "body")
LARGEST_BODY = 200_000
"""Bytes of UTF-8, as in the limits of the rendering child."""


SLUG_ATTEMPTS = 5
"""How often a save looks for a free slug where somebody took the one it found at the same moment."""


class Conflict(Exception):
    """Somebody saved the article since this edit began. `current` is the newest article; the edit is not saved."""

    def __init__(self, current: Article) -> None:
        super().__init__(f"Version {current.version} was saved meanwhile.")
        self.current = current


def save(
    article: Article,
    *,
    by: User,
    base_version: int,
    comment: str = "",
    topics: Sequence[Topic] | None = None,
) -> Article:
    """Save the article as its next version.

    `article` carries the changed fields (unsaved for a new one), `base_version` is the version that the edit began
    from, 0 for a new article. `topics` replaces the topics where given. Who saves and who stands in the byline is
    remembered as contributor. Another `slug` than the stored one gives the answer that address, at once where it is
    public; only an editor may do so. An empty one follows the question again. Raises Conflict on an older base,
    ValidationError with sentences per field.
    """
    normalise(article)
    validate(article)
    for _attempt in range(SLUG_ATTEMPTS):
        try:
            return _save(article, by, base_version, comment, topics)
        except IntegrityError as error:
            if "slug" not in str(error):
                raise
    raise ValidationError(_("Others saved the same question at this moment. Please save again."))


def _save(article: Article, by: User, base_version: int, comment: str, topics: Sequence[Topic] | None) -> Article:
    with transaction.atomic(), reversion.create_revision():
        current = Article.objects.select_for_update().get(pk=article.pk) if article.pk else None
        if current and current.version != base_version:
            raise Conflict(current)
        reversion.set_user(by)
        reversion.set_comment(comment[:2000])
        article.version = base_version + 1
        article.updated_at = timezone.now()
        if current:
            article.due_on = current.due_on  # set by articles/due.py alone, perhaps while this was being written
        _set_slug(article, current, by)
        article.save()
        if current and article.slug != current.slug:
            publishing.change_slug(article, article.slug)
        if topics is not None:
            article.topics.set(topics)
        if current:
            comments.reanchor(current, article)
        _remember(article, by)
        _note_citations(article)
        links.note(article)
        if current is None or current.question != article.question:
            alike.note(article)
    return article


def normalise(article: Article) -> None:
    """Bring the texts of an article into the form in which they are stored: NFC, tidy lines, no blank ends."""
    for name in TEXT_FIELDS:
        text = characters.normal(getattr(article, name))
        setattr(article, name, text.strip("\n") if name == "body" else text.strip())
    for name in ("question", "plain_question"):
        line = " ".join(getattr(article, name).split())
        setattr(article, name, line if is_seen(line) else "")
    article.byline = [
        {name: (typed(value) or value) if isinstance(value, str) else value for name, value in entry.items()}
        for entry in article.byline
    ]


def validate(article: Article) -> None:
    """Raise ValidationError where a field cannot be stored; whether it may be submitted is another question."""
    errors: dict[str, list[str]] = {}
    if not article.question:
        errors["question"] = [_("Write the clinician's question: it is the title of the answer.")]
    for name in ("question", "plain_question", "heading", "plain_heading", "lead", "plain_lead"):
        limit = cast(Field, Article._meta.get_field(name)).max_length
        length = len(getattr(article, name))
        if limit and length > limit:
            errors.setdefault(name, []).append(
                _("This has %(length)d characters; at most %(limit)d fit.") % {"length": length, "limit": limit}
            )
    size = len(article.body.encode())
    if size > LARGEST_BODY:
        errors["body"] = [
            _("The text has %(size)d kB; at most %(limit)d kB can be laid out.")
            % {"size": size // 1000, "limit": LARGEST_BODY // 1000}
        ]
    for name in ("question", "plain_question", "heading", "plain_heading"):
        if characters.TURNING.search(getattr(article, name)):
            errors.setdefault(name, []).append(
                _("This holds a character that turns the direction of writing. Please delete it.")
            )
    if article.slug and article.slug != slugify(article.slug):
        errors["slug"] = [_("An address may hold small letters, digits and hyphens only.")]
    if errors:
        raise ValidationError(errors)


def _set_slug(article: Article, current: Article | None, by: User) -> None:
    """Let the slug follow the question until it was set by hand or the answer became public."""
    if current is None:
        wanted = article.slug if article.slug_is_set and article.slug else slugs.make(article.question)
        article.slug = slugs.free(wanted, article_id=None)
        return
    if article.slug != current.slug:
        _change_slug_by_hand(article, current, by)
    if not article.slug_is_set and not hasattr(current, "publication"):
        article.slug = slugs.free(slugs.make(article.question), article_id=article.pk)


def _change_slug_by_hand(article: Article, current: Article, by: User) -> None:
    if Role.EDITOR.value not in by.roles():
        raise ValidationError({"slug": [_("Only an editor can change the address of an answer.")]})
    article.slug_is_set = bool(article.slug)
    if not article.slug:
        article.slug = current.slug
    elif slugs.free(article.slug, article_id=article.pk) != article.slug:
        raise ValidationError({"slug": [_("Another answer has this address, or once had it in public.")]})


def _remember(article: Article, by: User) -> None:
    people = [(by.pk, Contributor.How.SAVED)]
    accounts = [entry["user"] for entry in article.byline if entry.get("user")]
    if accounts:
        known = set(User.objects.filter(pk__in=accounts).values_list("pk", flat=True))
        people += [(pk, Contributor.How.BYLINE) for pk in dict.fromkeys(accounts) if pk in known]
    Contributor.objects.bulk_create(
        [Contributor(article=article, user_id=pk, how=how, version=article.version) for pk, how in people],
        update_conflicts=True,
        unique_fields=["article", "user", "how"],
        update_fields=["version"],
    )


def _note_citations(article: Article) -> None:
    """Bring the citations of the draft in step with its texts."""
    texts = "\n".join([article.lead, article.plain_lead, article.body])
    wanted = {keys.normal(key) for key in citations.bracketed_keys(texts) if len(keys.normal(key)) <= keys.LONGEST}
    here = Citation.objects.filter(article=article, edition=None)
    noted = set(here.values_list("key", flat=True)) if article.version > 1 else set()
    if gone := noted - wanted:
        here.filter(key__in=gone).delete()
    if new := wanted - noted:
        Citation.objects.bulk_create(Citation(article=article, key=key) for key in sorted(new))


def byline_entry(*, name: str, credentials: str = "", orcid: str = "", user: User | None = None) -> dict[str, Any]:
    """One author of a byline, as `Article.byline` holds it."""
    return {"name": name, "credentials": credentials, "orcid": orcid, "user": user.pk if user else None}


def topics_named(names: Iterable[str]) -> list[Topic]:
    """The topics of these names, in order, made where missing. Names are compared without regard to case."""
    found: list[Topic] = []
    for name in dict.fromkeys(" ".join(name.split()) for name in names):
        if not name:
            continue
        topic = Topic.objects.filter(name__iexact=name).first()
        if topic is None:
            slug, number = slugify(name)[:70] or "topic", 1
            while Topic.objects.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
                number += 1
            topic = Topic.objects.create(name=name[:120], slug=slug if number == 1 else f"{slug}-{number}")
        if topic not in found:
            found.append(topic)
    return found
