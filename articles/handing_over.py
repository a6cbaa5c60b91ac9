"""Handing an article over: another author owns it from then on. Who did it, when and why is a version of its own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import drafting
from articles.models import Article, Contributor
from people.models import Kind, Role, User
from people.notifying import notify


class Refused(Exception):
    """A hand-over that may not be; its text is one plain sentence. Nothing was changed."""


def refusal(article: Article, *, by: User) -> str | None:
    """Why this person may not hand the article over; None where they may."""
    if article.owner_id == by.pk or Role.EDITOR.value in by.roles():
        return None
    return _("Only the owner of this article or an editor can do this.")


def hand_over(article: Article, *, to: User, by: User, why: str) -> Article:
    """Make `to` the owner and tell them. Raises Refused: for who may not, to who is no author, and without a reason."""
    sentence = refusal(article, by=by)
    if sentence:
        raise Refused(sentence)
    if to.pk == article.owner_id:
        raise Refused(_("%(name)s has this article already.") % {"name": to})
    if Role.AUTHOR.value not in to.roles():
        raise Refused(_("%(name)s is not an author at present.") % {"name": to})
    if not why.strip():
        raise Refused(_("Say why, in a sentence: it is kept with the version."))
    return give(article, to=to, by=by, why=why)


def give(article: Article, *, to: User, by: User, why: str = "") -> Article:
    """The hand-over itself, for who may do it by another rule: see `desk/people/leaving.py`. Raises Refused.

    The one who had it stays a contributor, so that four eyes see them, and can still open it.
    """
    old = article.owner
    names = {"old": old, "new": to, "by": by, "question": article.question}
    comment = _("Handed over from %(old)s to %(new)s") % names + (f": {why.strip()}" if why.strip() else "")
    try:
        with transaction.atomic():
            article.owner = to
            drafting.save(article, by=by, base_version=article.version, comment=comment)
            Contributor.objects.get_or_create(
                article=article, user=old, how=Contributor.How.OWNED, defaults={"version": article.version}
            )
            notify(
                [person for person in (to, old) if person.pk != by.pk],
                kind=Kind.HANDED_OVER,
                about=f"hand-over:{article.pk}:{article.version}",
                sentence=_("%(by)s handed “%(question)s” over from %(old)s to %(new)s.") % names,
                address=reverse("desk:article", args=[article.pk]),
                subject=_("Handed over: %(question)s") % names,
                detail=why.strip(),
            )
    except (drafting.Conflict, ValidationError) as error:
        article.owner = old
        raise Refused(
            _("“%(question)s” could not be handed over just now, so nothing was changed. Try again.") % names
        ) from error
    return article
