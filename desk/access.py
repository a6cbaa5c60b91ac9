"""Who may open what in the desk: role by address (`desk/policy.py`), person by object (the functions here).

An outsider to an object gets 404, so that its existence stays unknown; a member who may see it but not do this, 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as django_csrf_failure

from articles import site
from articles.circle import writes
from articles.models import Article, Contributor, Edition
from desk.policy import PUBLIC, RULES, SIGNED_IN
from people.models import Notification, NotificationQuerySet, Role, User
from people.sign_in import needs_second_factor
from reviews import interests, news, workflow

EDITOR, AUTHOR, BOARD_MEMBER = Role.EDITOR.value, Role.AUTHOR.value, Role.BOARD_MEMBER.value
NOT_TEXT = {"csrfmiddlewaretoken", "password", "base_version", "digest", "tab", "number", "article", "theirs_version"}
"""Fields of a form that are not somebody's words, or must not be shown."""
SECTIONS = ("articles", "reviews", "library", "glossary", "questions", "dashboard", "settings", "people")


class PolicyMiddleware:
    """Asks the policy table before every view of the desk. An address that no rule names is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and "admin" in match.namespaces and request.user.is_staff:
            return _to_second_factor(request) if needs_second_factor(request.user, request.user.roles()) else None
        if match is None or "desk" not in match.namespaces:
            return None
        rule = RULES.get(match.view_name)
        if rule is None:
            raise PermissionDenied(_("No policy names this address."))
        allowed = rule.allowed(request.method or "")
        if allowed is PUBLIC:
            return None
        if not request.user.is_authenticated:
            return _keep_text(request) or redirect_to_login(request.get_full_path())
        request.roles = request.user.roles()  # type: ignore[attr-defined]
        if not request.roles:  # type: ignore[attr-defined]
            return _refuse(request, _("Your account holds no role at present. An administrator can give you one."))
        if needs_second_factor(request.user, request.roles):  # type: ignore[attr-defined]
            return _keep_text(request) or _to_second_factor(request)
        if allowed is not SIGNED_IN and not allowed & request.roles:  # type: ignore[attr-defined]
            return _refuse(request, _("Your role does not include this page."))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a view refuses, or no longer finds for this person, after they wrote: with what they sent."""
        match = request.resolver_match
        if match is None or "desk" not in match.namespaces or not request.user.is_authenticated:
            return None
        if isinstance(error, PermissionDenied):
            return _give_back(request, str(error), status=403)
        if isinstance(error, Http404):
            return _give_back(request, _("There is no such page for you, or no more."), status=404)
        return None


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Your role needs a second factor. Please set one up; it takes a minute."))
    return redirect("mfa_index")


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """Whoever may not use this address, with what they wrote: they may have lost the role a moment ago."""
    answer = _give_back(request, sentence, status=403)
    if answer is None:
        raise PermissionDenied(sentence)
    return answer


def _give_back(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse | None:
    """A page with the sentence and what was sent, so that nothing is lost; None where nothing was written."""
    texts = _texts(request)
    if not texts:
        return None
    if "panel" in request.POST:
        # The script of the editor's panel shows the sentence beside the field, and keeps the words in it.
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return render(request, "desk/signed_out.html", {"texts": texts, "refused": sentence}, status=status)


def _keep_text(request: HttpRequest) -> HttpResponse | None:
    """Where somebody's session ended while they wrote: a page with what they sent, so that nothing is lost."""
    texts = _texts(request)
    return render(request, "desk/signed_out.html", {"texts": texts}, status=401) if texts else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of the desk that was made before its person signed in again: what they sent, so that nothing is lost."""
    texts = _texts(request) if request.path.startswith(reverse("desk:home")) else []
    if not texts:
        return django_csrf_failure(request, reason=reason)
    return render(request, "desk/signed_out.html", {"texts": texts, "is_back": True}, status=403)


def _texts(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), str(text))
        for name, text in request.POST.items()
        if str(text).strip() and name not in NOT_TEXT and not name.startswith(("byline-", "choice-"))
    ]


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The roles of the person who asks, as the policy middleware found them."""
    return request.roles  # type: ignore[attr-defined]


def person_of(request: HttpRequest) -> User:
    """The person who asks. For views behind the policy middleware, which lets nobody through who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: the sections that this person may not open, and how much news is unread, asked where shown.

    `house` is what `site` is elsewhere: allauth's views give another `site` to their templates.
    """
    return {
        "nav_hidden": SimpleLazyObject(partial(_hidden, request)),
        "news_unread": SimpleLazyObject(partial(_unread, request)),
        "house": SimpleLazyObject(site.current),
    }


def _hidden(request: HttpRequest) -> frozenset[str]:
    # Pages outside the desk, such as those of the sign-in, have no policy that asked for the roles before.
    user = request.user
    known = getattr(request, "roles", None)
    roles = known if known is not None else user.roles() if user.is_authenticated else frozenset()
    return frozenset(name for name in SECTIONS if not RULES[f"desk:{name}"].get & roles)


def _unread(request: HttpRequest) -> int:
    user = request.user
    return news_of(request).unread().count() if user.is_authenticated else 0


def news_of(request: HttpRequest) -> NotificationQuerySet:
    """The person's news, less what was told before of articles that are closed to them now."""
    rows = Notification.objects.filter(person=person_of(request)).select_related("person")
    closed = closed_to(request)
    return rows.exclude(news.about_articles(closed)) if closed else rows


def article_for(request: HttpRequest, pk: int) -> Article:
    """The article, for its authors and for editors, to read and to write. 404 for everyone else."""
    article = get_object_or_404(Article.objects.select_related("owner", "publication"), pk=pk)
    user, roles = request.user, roles_of(request)
    refuse_if_closed(request, article)
    if EDITOR in roles or (AUTHOR in roles and writes(user, article)):  # type: ignore[arg-type]
        return article
    raise Http404


def edition_for(request: HttpRequest, pk: int) -> Edition:
    """The edition, for its authors, the board and editors, to read. 404 for everyone else."""
    edition = get_object_or_404(Edition.objects.select_related("article__owner", "review"), pk=pk)
    user, roles = request.user, roles_of(request)
    refuse_if_closed(request, edition.article)
    if roles & {EDITOR, BOARD_MEMBER} or (AUTHOR in roles and writes(user, edition.article)):  # type: ignore[arg-type]
        return edition
    raise Http404


def closed_to(request: HttpRequest) -> frozenset[int]:
    """The articles that are closed to the person who asks (`reviews.interests.closed_pairs`); asked once a request."""
    if not hasattr(request, "closed"):
        request.closed = interests.closed_to(person_of(request))  # type: ignore[attr-defined]
    return request.closed  # type: ignore[attr-defined]


def refuse_if_closed(request: HttpRequest, article: Article) -> None:
    """403 with a sentence for whoever was excluded from the reviews of this article: they know that there is one."""
    if article.pk in closed_to(request):
        raise PermissionDenied(workflow.excluded_sentence())


def articles_of(request: HttpRequest) -> Any:
    """The articles that the person may open: all that are not closed to them for editors, their own for authors."""
    roles = roles_of(request)
    if EDITOR in roles:
        return Article.objects.exclude(pk__in=closed_to(request))
    if AUTHOR in roles:
        mine = Contributor.objects.filter(user=request.user.pk).values("article")
        return Article.objects.filter(owner=request.user.pk) | Article.objects.filter(pk__in=mine)
    return Article.objects.none()
