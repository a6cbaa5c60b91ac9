"""Follow-up questions: the form, taking a question in, and thanks for what only looked like one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from readers import limits, triage
from readers.frame import Reader, public_page, reader_of, rendered
from readers.listing import mark_of, question_of
from readers.same_origin import from_our_own_pages

LONGEST_QUESTION = 2000
RETRY_AFTER = limits.QUESTIONS[0][0]


class TextField(forms.CharField):
    """Counts a line end as one character, as browsers do, and not as the two that they send."""

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").strip()


class QuestionForm(forms.Form):
    """A reader's question. `website` is a trap that people never see; `answer` the slug of the answer it follows."""

    question = TextField(
        label=gettext_lazy("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Write your question."),
            "max_length": gettext_lazy(
                "Your question has %(show_value)d characters; at most %(limit_value)d fit. Please shorten it."
            ),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Only for this question: to tell you when there is an answer. You can erase it at any time."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Write the address like name@example.org, or leave it empty.")},
    )
    website = forms.CharField(required=False, max_length=500)
    answer = forms.CharField(required=False, max_length=200)

    def __init__(self, data: object = None, **kwargs: object) -> None:
        super().__init__(data, auto_id="ask-%s", **kwargs)  # type: ignore[arg-type]


@from_our_own_pages
def ask(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST takes a question and leads to the asker's own page of it (readers/my_question.py)."""
    if request.method == "POST":
        return _take(request)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return ask_page(request)


@public_page
def ask_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The form by itself; `?answer=` names the answer that the question follows."""
    return _form_page(reader, QuestionForm(), _asked_under(request.GET.get("answer", "")))


def _take(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form = QuestionForm(request.POST)
    publication = _asked_under(request.POST.get("answer", ""))
    if not form.is_valid():
        return _again(reader, form, publication, status=422)
    if form.cleaned_data["website"]:
        slug = publication.slug if publication else ""
        return HttpResponseRedirect(reverse("readers:ask_thanks") + reader.query(answer=slug), status=303)
    sent = {
        "text": form.cleaned_data["question"],
        "email": form.cleaned_data["email"],
        "article_id": publication.article_id if publication else None,
        "sender": limits.sender(request),
    }
    question = triage.sent_already(**sent)
    if question is None and not limits.may_send(request, "question", limits.QUESTIONS):
        form.add_error(
            None,
            _("Many questions came from your connection in a short time. Yours stands below: send it again later."),
        )
        response = _again(reader, form, publication, status=429)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    question = question or triage.take_in(
        **sent, edition_number=publication.edition.number if publication else None, audience=reader.audience
    )
    theirs = reverse("readers:my_question", args=[triage.token_of(question)])
    return HttpResponseRedirect(theirs + reader.carry, status=303)


def _asked_under(slug: str) -> Publication | None:
    """The public answer under which a question is asked; None for any other word."""
    if not slug_re.match(slug):
        return None
    return Publication.objects.readable().select_related("edition").filter(slug=slug).first()


def _again(reader: Reader, form: QuestionForm, publication: Publication | None, *, status: int) -> HttpResponse:
    response = _form_page(reader, form, publication, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _form_page(
    reader: Reader, form: QuestionForm, publication: Publication | None, *, status: int = 200
) -> HttpResponse:
    return rendered(
        "readers/ask.html",
        reader,
        path=reverse("readers:ask"),
        section="ask",
        noindex=bool(publication),
        status=status,
        form=form,
        **_under(publication, reader),
    )


@public_page
def thanks(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What happens with the question, and ways on."""
    publication = _asked_under(request.GET.get("answer", ""))
    return rendered(
        "readers/thanks.html",
        reader,
        path=reverse("readers:ask_thanks"),
        section="ask",
        noindex=True,
        **_under(publication, reader),
    )


def _under(publication: Publication | None, reader: Reader) -> dict[str, Any]:
    """What the templates say of the answer that a question follows."""
    if publication is None:
        return {}
    return {
        "answer_slug": publication.slug,
        "answer_question": question_of(publication, reader),
        "answer_mark": mark_of(publication),
        "answer_url": reverse("readers:answer", args=[publication.slug]) + reader.carry,
    }
