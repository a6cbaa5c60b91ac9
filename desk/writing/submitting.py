"""Submission: what the checks found, what will happen, and the move itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import drafting, freezing
from articles.checks.finding import BLOCKS, Finding, Report
from articles.markup.door import TextRefused
from articles.models import Article, Standing
from desk.access import article_for
from desk.findings import groups_of
from desk.reviewing.flags import flags_of
from desk.writing.frame import frame, submission_refusal
from people.models import User
from references.models import Reference
from reviews import editorial, justifying, workflow


class SubmitForm(forms.Form):
    """What goes with a submission, and which version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("To the board"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What is new, or what to look at. It is kept with the record."),
    )

    is_editorial = forms.BooleanField(label=gettext_lazy("This is an editorial fix"), required=False)

    def __init__(
        self, *args: Any, mends: int | None = None, asked: Sequence[justifying.Asked] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if mends is not None:
            self.fields["is_editorial"].help_text = _(
                "Wording, spelling or layout: nothing that changes what the answer says. A board member signs the "
                "exact words all the same; when it was last reviewed and is due again stays as for edition %(number)d."
            ) % {"number": mends}
        for one in asked:
            self.fields[_field_of(one)] = forms.CharField(
                label=_label(one),
                max_length=justifying.LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("The board reads it beside the work. It is kept with the record.")
                if one.key
                else _("The board reads it beside the passage. It is kept with the record; repeat no details here."),
                error_messages={
                    "required": _("Say why the answer cites this work, or take it out of the text.")
                    if one.key
                    else _("Say why this passage may stand, or take the details out of the text.")
                },
            )

    @property
    def justifications(self) -> dict[str, str]:
        """The texts by the ids of what they justify."""
        return {one.id: self.cleaned_data[_field_of(one)] for one in self.asked}

    @property
    def flagged(self) -> list[dict[str, Any]]:
        """Each work that needs a justification, with what is known against it and its field."""
        works = [one for one in self.asked if one.key]
        known = flags_of(work.pk for work in works)
        titles = Reference.objects.in_bulk([work.pk for work in works])
        return [
            {"work": work, "row": titles.get(work.pk), "flags": known[work.pk], "field": self[_field_of(work)]}
            for work in works
        ]

    @property
    def passages(self) -> list[dict[str, Any]]:
        """Each passage that needs a justification, with its finding and its field."""
        return [{"finding": one.finding, "field": self[_field_of(one)]} for one in self.asked if one.finding]


def _field_of(one: justifying.Asked) -> str:
    return f"why_{one.pk}" if one.finding is None else f"why_{one.finding.code}_{justifying.mark_of(one.finding)}"


def _label(one: justifying.Asked) -> str:
    if one.finding is None:
        return _("Why @%(key)s is cited all the same (%(status)s)") % {"key": one.key, "status": one.label}
    return _("Why “%(excerpt)s” may stand") % {"excerpt": one.finding.excerpt}


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: findings and what will happen; POST: submit the version that the person saw.

    409 with the sentence where it may not be, or where the article was saved meanwhile; the comment is kept.
    """
    article = article_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    try:
        prepared = freezing.prepare(article)
    except TextRefused as refused:
        return _page(request, article, None, too_much=str(refused))
    if request.method != "POST":
        return _page(request, article, prepared)
    mends = editorial.base_of(getattr(article, "publication", None))
    form = SubmitForm(request.POST, mends=mends, asked=justifying.asked(prepared))
    if not form.is_valid():
        return _page(request, article, prepared, form=form, status=422)
    try:
        if form.cleaned_data["version"] != article.version:
            raise drafting.Conflict(article)
        edition = workflow.submit(
            article,
            by=person,
            comment=form.cleaned_data["comment"],
            prepared=prepared,
            justifications=form.justifications,
            is_editorial=form.cleaned_data["is_editorial"],
        )
    except workflow.Refused as refused:
        # A work may have been flagged while this was sent: its field comes with the sentence.
        form = SubmitForm(request.POST, mends=mends, asked=justifying.asked(prepared))
        return _page(request, article, prepared, form=form, refused=str(refused), status=409)
    except drafting.Conflict as conflict:
        sentence = _("The article was saved meanwhile as version %(number)d. Look at it again before you submit.") % {
            "number": conflict.current.version
        }
        article = article_for(request, pk)
        prepared = freezing.prepare(article)
        return _page(request, article, prepared, form=form, refused=sentence, status=409)
    messages.success(
        request,
        _("Edition %(number)d is submitted: the board is told. You can go on writing; the edition stays as it is.")
        % {"number": edition.number},
    )
    return redirect("desk:article", article.pk)


def _page(
    request: HttpRequest,
    article: Article,
    prepared: freezing.Prepared | None,
    *,
    form: SubmitForm | None = None,
    refused: str = "",
    too_much: str = "",
    status: int = 200,
) -> HttpResponse:
    context = frame(request, article, tab="submit")
    report = prepared.report if prepared else Report((Finding("refused", too_much, severity=BLOCKS),))
    digest = prepared.source_digest if prepared else ""
    kept = (
        {name: form.data[name] for name in form.data if name not in {"version", "csrfmiddlewaretoken"}} if form else {}
    )
    asked = justifying.asked(prepared) if prepared else []
    mends = editorial.base_of(context["publication"])
    shown = SubmitForm(initial={**kept, "version": article.version}, mends=mends, asked=asked)
    person = request.user
    assert isinstance(person, User)
    same = bool(context["newest"] and context["newest"].source_digest == digest)
    return render(
        request,
        "desk/writing/submit.html",
        context
        | {
            "form": form if form and form.errors else shown,
            "mends": mends,
            "refused": refused,
            "report": report,
            "groups": groups_of(report),
            "is_blocked": bool(report.of(BLOCKS)),
            "refusal": submission_refusal(
                article, workflow.case_of(article, context["newest"]), by=person, source_digest=digest
            ),
            "consequences": [] if same else _consequences(context),
            "number": context["newest"].number + (not same) if context["newest"] else 1,
            "words": max((text.words for text in prepared.rendering.texts), default=0) if prepared else 0,
            "works": len(prepared.works) if prepared else 0,
        },
        status=status,
    )


def _consequences(context: dict[str, Any]) -> list[str]:
    """What a submission of changed text does to the editions that there are, in sentences."""
    newest, publication = context["newest"], context["publication"]
    sentences = []
    if context["is_open"]:
        sentences.append(
            _("Edition %(number)d, %(state)s, is pulled back: the new edition takes its place before the board.")
            % {"number": newest.number, "state": newest.review.get_state_display()}
        )
    if publication is None:
        return sentences
    public = publication.edition
    leaves = context["is_open"] and public.pk == newest.pk
    if leaves and publication.standing == Standing.CAUTION:
        sentences.append(
            _(
                "Edition %(number)d is public with caution and leaves the public at once. Its page will say so, until "
                "an editor releases the new edition or the board approves it."
            )
            % {"number": public.number}
        )
    elif publication.standing == Standing.LIVE:
        sentences.append(
            _("The public goes on reading edition %(number)d until the new one is approved and published.")
            % {"number": public.number}
        )
    return sentences
