"""Asking: first the closest passages of live answers, then, if they don't help, the question goes to the editors.

Two steps and no more. The first POST keeps nothing: it shows what the answers say. Its page holds the question, and a
signed word of when it was shown (readers/moments.py); the second POST, `do=send`, is taken with that word alone.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from readers import limits, masking, moments, triage
from readers.closest import closest
from readers.frame import Reader, public_page, reader_of, rendered
from readers.listing import mark_of, question_of
from readers.same_origin import from_our_own_pages
from readers.urgent import said_first

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
    website = forms.CharField(required=False, max_length=500)
    answer = forms.CharField(required=False, max_length=200)

    def __init__(self, data: object = None, **kwargs: object) -> None:
        super().__init__(data, auto_id="ask-%s", **kwargs)  # type: ignore[arg-type]


class SendForm(QuestionForm):
    """The same question for the editors, with an address to be told at. `warned`: personal details were pointed out."""

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
    warned = forms.CharField(required=False, max_length=1)
    moment = forms.CharField(required=False, max_length=200)


@from_our_own_pages
def ask(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST what the answers say to a question; POST `do=send` gives it to the editors.

    What was sent leads to the asker's own page of it (readers/my_question.py).
    """
    if request.method == "POST":
        return _send(request) if request.POST.get("do") == "send" else _look(request)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return ask_page(request)


@public_page
def ask_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The form by itself; `?answer=` names the answer that the question follows."""
    return _form_page(reader, QuestionForm(), _asked_under(request.GET.get("answer", "")))


def _look(request: HttpRequest) -> HttpResponse:
    """What live answers say. Whatever can be refused is refused before anything is looked up."""
    reader = reader_of(request)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _again(reader, form, _asked_under(request.POST.get("answer", "")), status=422)
    if form.cleaned_data["website"]:
        return _thanks_for_nothing(reader)
    is_busy = not limits.may_send(request, "look", limits.LOOKS)
    is_full = is_busy or not limits.has_room("look")
    question = form.cleaned_data["question"]
    send = SendForm(
        initial={"question": question, "moment": moments.signed(), "warned": "1" if masking.details(question) else ""}
    )
    return _passages_page(
        reader,
        send,
        question,
        _asked_under(request.POST.get("answer", "")),
        status=429 if is_busy else 200,
        passages=[] if is_full else closest(question, reader),
        was_looked_up=not is_full,
    )


def _send(request: HttpRequest) -> HttpResponse:
    """Keep the question for the editors; where something is still to be said, the page of the first step again."""
    reader = reader_of(request)
    form = SendForm(request.POST)
    publication = _asked_under(request.POST.get("answer", ""))
    if not form.is_valid():
        return _passages_page(reader, form, form.data.get("question", ""), publication, status=422)
    if form.cleaned_data["website"]:
        return _thanks_for_nothing(reader)
    question = form.cleaned_data["question"]
    sent = {
        "text": question,
        "email": form.cleaned_data["email"],
        "article_id": publication.article_id if publication else None,
        "sender": limits.sender(request),
    }
    kept = triage.sent_already(**sent)
    status, why = (0, "") if kept else _too_early(form)
    if not kept and not status and not limits.may_send(request, "question", limits.QUESTIONS):
        status = 429
        why = _("Many questions came from your connection in a short time. Yours stands below: send it again later.")
    if status:
        form.add_error(None, why)
        return _passages_page(reader, form, question, publication, status=status)
    kept = kept or triage.take_in(
        **sent, edition_number=publication.edition.number if publication else None, audience=reader.audience
    )
    theirs = reverse("readers:my_question", args=[triage.token_of(kept)])
    return HttpResponseRedirect(theirs + reader.carry, status=303)


def _too_early(form: SendForm) -> tuple[int, str]:
    """Why the question is not taken yet, with a status; 0 where it is. The form then holds what makes it go next."""
    age = moments.age(form.cleaned_data["moment"])
    is_warned = bool(form.cleaned_data["warned"])
    if age is None or (masking.details(form.cleaned_data["question"]) and not is_warned):
        warned = "1" if masking.details(form.cleaned_data["question"]) else ""
        form.data = {**form.data.dict(), "warned": warned}  # type: ignore[attr-defined]
        if age is None:
            form.data = {**form.data, "moment": moments.signed()}
            return 409, _("Nothing was sent yet: this page was open for too long. Please send it once more.")
        return 409, _("Nothing was sent yet. Please look at the personal details in your question first.")
    if age < moments.SOONEST:
        return 409, _("Nothing was sent yet: that was quicker than anybody reads. Please send it once more.")
    return 0, ""


def _thanks_for_nothing(reader: Reader) -> HttpResponse:
    """What a machine gets that filled in what people never see."""
    return HttpResponseRedirect(reverse("readers:ask_thanks") + reader.carry, status=303)


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
        **said_first(str(form.data.get("question", ""))),
        **_under(publication, reader),
    )


def _passages_page(
    reader: Reader, form: SendForm, question: str, publication: Publication | None, *, status: int, **context: Any
) -> HttpResponse:
    """The page between the two steps: made for one asker, and kept by no cache but their browser's."""
    response = rendered(
        "readers/passages.html",
        reader,
        path=reverse("readers:ask"),
        section="ask",
        noindex=True,
        status=status,
        form=form,
        asked=question,
        details=list(dict.fromkeys(one.what for one in masking.details(question))),
        read_days=settings.QUESTION_READ_DAYS,
        **said_first(question),
        **_under(publication, reader),
        **context,
    )
    # Its reader comes back to it from an answer: a browser that may not keep it would ask to send the form again.
    response["Cache-Control"] = "private, no-cache"
    if status == 429:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


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
