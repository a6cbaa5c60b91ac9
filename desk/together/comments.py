"""Comments on an article's passages: a page of their own, and the same threads beside the text of the editor.

What the board asks of the newest edition stands with them, to be answered there (`desk/reviewing/comments.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import anchoring, circle, editions, mentions, seen
from articles import comments as rules
from articles.anchoring import Quote
from articles.comparing import LABELS
from articles.models import Article, Comment, Edition, Resolution, Thread
from desk.access import article_for, person_of, roles_of
from desk.writing.frame import frame, newest_edition
from people.models import User
from reviews import asking

SHOWN = ("open", "resolved", "all")


class ThreadForm(forms.Form):
    """A new thread: what is said, and the passage that it is about."""

    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    exact = forms.CharField(
        label=gettext_lazy("The passage"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Copy it from the text. Leave it empty to comment on the whole article."),
    )
    field = forms.ChoiceField(label=gettext_lazy("It stands in"), required=False, initial="body")
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    near = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [(name, LABELS[name]) for name in rules.FIELDS]  # type: ignore[attr-defined]

    @property
    def quote(self) -> Quote | None:
        """The passage as quoted, or None for the whole."""
        exact, before, after = (self.cleaned_data[name].replace("\r\n", "\n") for name in ("exact", "before", "after"))
        return Quote(exact, before, after) if exact.strip() else None


@dataclass
class Shown:
    """A thread as a page shows it: `address` takes what is done to it, where it may be said in, or ended."""

    thread: Thread
    label: str
    line: int | None
    comments: list[dict[str, Any]]
    address: str
    may_say: bool = True
    may_end: bool = True
    typed: dict[str, Any] = field(default_factory=dict)
    refused: str = ""


def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the threads in the order of their passages, by `?show=`. POST: begin one; 422 with the text kept."""
    article = article_for(request, pk)
    person = person_of(request)
    form = ThreadForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        seen.mark(article, by=person)
        return _page(request, article, form)
    refused = ""
    if form.is_valid():
        try:
            made = rules.open_thread(
                article,
                by=person,
                text=form.cleaned_data["text"],
                field=form.cleaned_data["field"] or "body",
                quote=form.quote,
                near=form.cleaned_data["near"] or 0,
            )
        except rules.Refused as error:
            refused = str(error)
        else:
            if "panel" in request.POST:
                return panel_of(request, article, made=made)
            messages.success(request, _("Your comment is there. Whom it concerns is told."))
            return redirect(rules.address_of(made))
    if "panel" in request.POST:
        sentences = [refused, *(str(sentence) for errors in form.errors.values() for sentence in errors)]
        return HttpResponse(next(filter(None, sentences)), status=422, content_type="text/plain; charset=utf-8")
    return _page(request, article, form, refused=refused, status=422)


def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the open threads as a fragment, for the editor's panel."""
    return panel_of(request, article_for(request, pk))


def thread(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    """POST `action` on one thread of this article: answer, done, not-done, reopen, change or delete (`comment`).

    409 with the sentence where it may not be, and the text kept; 404 for a thread or a comment of another article.
    """
    article = article_for(request, pk)
    row = get_object_or_404(Thread.objects.of_article(article), pk=thread)
    try:
        is_gone = act(request, row, rules)
    except rules.Refused as refused:
        if "panel" in request.POST:
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        return _page(request, article, ThreadForm(), acted_on=row.pk, refused=str(refused), status=409)
    if "panel" in request.POST:
        return panel_of(request, article)
    if is_gone:
        messages.success(request, _("Your comment was deleted."))
        return redirect("desk:comments", article.pk)
    return redirect(rules.address_of(row))


def act(request: HttpRequest, row: Thread, rules: Any) -> bool:
    """Do what was asked by the `rules` of its kind (articles.comments, reviews.asking); whether the thread is gone."""
    person, action, text = person_of(request), request.POST.get("action", ""), request.POST.get("text", "")
    if action == "answer":
        rules.answer(row, by=person, text=text)
    elif action == "done":
        rules.resolve(row, by=person)
    elif action == "not-done":
        rules.resolve(row, by=person, how=Resolution.NOT_DONE, because=text)
    elif action == "reopen":
        rules.reopen(row, by=person)
    elif action in {"change", "delete"}:
        number = request.POST.get("comment", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Http404
        comment = get_object_or_404(Comment.objects.select_related("thread"), pk=int(number), thread=row)
        if action == "delete":
            return rules.delete(comment, by=person)
        rules.change(comment, by=person, text=text)
    else:
        raise Http404
    return False


def shown_threads(
    article: Article, *, by: User, show: str, people: Sequence[User], typed: dict[int, dict[str, Any]] | None = None
) -> list[Shown]:
    """The article's threads with their comments, in the order of their passages."""
    rows = loaded(Thread.objects.of_article(article), show=show)
    texts = {name: getattr(article, name) for name in rules.FIELDS}
    return as_shown(rows, texts, by=by, people=people, typed=typed)


def board_threads(
    article: Article, *, by: User, roles: frozenset[str], show: str = "all"
) -> tuple[Edition | None, list[Shown]]:
    """The newest edition and what the board asks of it, for its authors and editors."""
    edition = newest_edition(article)
    if edition is None:
        return None, []
    edition.article = article
    rows = loaded(asking.seen_by(edition, by, roles), show=show)
    return edition, as_shown_of_edition(rows, edition, by=by, roles=roles) if rows else []


def as_shown_of_edition(
    rows: Iterable[Thread],
    edition: Edition,
    *,
    by: User,
    roles: frozenset[str],
    typed: dict[int, dict[str, Any]] | None = None,
) -> list[Shown]:
    """Threads of one edition, with what this person may do in them."""
    texts = asking.texts_of(editions.read(edition).source)
    may_say = asking.saying_refusal(edition) is None
    may_end = asking.ending_refusal(edition, by, roles) is None
    people = asking.people_of(edition)
    return as_shown(rows, texts, by=by, people=people, typed=typed, may_say=may_say, may_end=may_end)


def loaded(rows: QuerySet[Thread], *, show: str = "all") -> list[Thread]:
    """Threads with all that a page shows of them: two queries, however many."""
    if show != "all":
        rows = rows.filter(resolved_at__isnull=show == "open")
    said = Comment.objects.select_related("by").order_by("at", "pk")
    rows = rows.select_related("resolved_by", "reopened_by")
    return list(rows.prefetch_related(Prefetch("comments", queryset=said)))


def as_shown(
    rows: Iterable[Thread],
    texts: Mapping[str, str],
    *,
    by: User,
    people: Sequence[User],
    typed: dict[int, dict[str, Any]] | None = None,
    may_say: bool = True,
    may_end: bool = True,
) -> list[Shown]:
    """Threads as `loaded`, in the order of their passages in `texts`, the fields that they hang on."""
    now = timezone.now()
    shown = []
    for row in rules.in_order(rows):
        own = list(row.comments.all())
        for comment in own:
            comment.thread = row
        name, of = ("review_thread", row.edition_id) if row.edition_id else ("thread", row.article_id)
        shown.append(
            Shown(
                row,
                str(LABELS.get(row.field, "")),
                texts[row.field].count("\n", 0, row.start) + 1 if row.start is not None else None,
                [
                    {
                        "comment": one,
                        "pieces": mentions.pieces(one.text, people),
                        "is_changeable": may_say and rules.change_refusal(one, by=by, newest=own[-1], at=now) is None,
                    }
                    for one in own
                ],
                reverse(f"desk:{name}", args=[of, row.pk]),
                may_say,
                may_end,
                (typed or {}).get(row.pk, {}),
            )
        )
    return shown


def _page(
    request: HttpRequest,
    article: Article,
    form: ThreadForm,
    *,
    acted_on: int | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    show = request.GET.get("show", "open" if acted_on is None else "all")
    show = show if show in SHOWN else "open"
    person, people = person_of(request), list(circle.people_of(article))
    typed = {acted_on: {"text": request.POST.get("text", ""), "action": request.POST.get("action")}} if acted_on else {}
    threads = shown_threads(article, by=person, show=show, people=people, typed=typed)
    for one in threads:
        if one.thread.pk == acted_on:
            one.refused = refused
    states = list(Thread.objects.of_article(article).values_list("resolved_at", flat=True))
    still_open = states.count(None)
    edition, asked = board_threads(article, by=person, roles=roles_of(request), show=show)
    return render(
        request,
        "desk/together/comments.html",
        frame(request, article, tab="comments")
        | {
            "form": form,
            "new_refused": refused if acted_on is None else "",
            "threads": threads,
            "asked_of": edition,
            "asked": asked,
            "show": show,
            "counts": {"open": still_open, "resolved": len(states) - still_open, "all": len(states)},
            "people": [one for one in people if one.pk != person.pk],
            "longest_passage": anchoring.LONGEST,
        },
        status=status,
    )


def panel_of(request: HttpRequest, article: Article, *, made: Thread | None = None) -> HttpResponse:
    """The open threads of the article, and what the board asks of its newest edition, as a fragment."""
    people = list(circle.people_of(article))
    person = person_of(request)
    threads = shown_threads(article, by=person, show="open", people=people)
    _edition, asked = board_threads(article, by=person, roles=roles_of(request), show="open")
    return render(
        request,
        "desk/together/panel_threads.html",
        {
            "article": article,
            "threads": threads,
            "asked": asked,
            "total": len(threads) + len(asked),
            "made": made,
            "people": [one for one in people if one.pk != person.pk],
            "panel": True,
        },
    )
