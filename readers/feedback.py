"""Was this helpful, and reporting a mistake: taken by same origin without a token, kept with the edition that was read.

Who sent something reads at an address of their own what became of it, and can take their words out.
"""

from __future__ import annotations

from django import forms
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from readers import hearing, limits, masking
from readers.asking import TextField
from readers.frame import Reader, public_page, reader_of, rendered
from readers.hearing import LONGEST, LONGEST_PASSAGE
from readers.listing import mark_of, question_of
from readers.models import Feedback, FollowUpQuestion
from readers.same_origin import from_our_own_pages
from readers.triage import Refused

RETRY_AFTER = limits.OPINIONS[0][0]
_TOO_LONG = gettext_lazy("This has %(show_value)d characters; at most %(limit_value)d fit. Please shorten it.")


class MistakeForm(forms.Form):
    """A report of a mistake. `website` is a trap; `warned` says that personal details were pointed out."""

    passage = TextField(
        label=gettext_lazy("The passage"),
        max_length=LONGEST_PASSAGE,
        required=False,
        help_text=gettext_lazy("The words that are wrong, copied from the answer."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _TOO_LONG},
    )
    text = TextField(
        label=gettext_lazy("What is wrong"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what is wrong."), "max_length": _TOO_LONG},
    )
    website = forms.CharField(required=False, max_length=500)
    warned = forms.CharField(required=False, max_length=1)

    def __init__(self, data: object = None, **kwargs: object) -> None:
        super().__init__(data, auto_id="mistake-%s", **kwargs)  # type: ignore[arg-type]


class WhyForm(forms.Form):
    """A sentence that goes with a vote."""

    text = TextField(
        label=gettext_lazy("What should we know?"),
        max_length=LONGEST,
        help_text=gettext_lazy("Please leave out names, birth dates and record numbers."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write a sentence."), "max_length": _TOO_LONG},
    )

    def __init__(self, data: object = None, **kwargs: object) -> None:
        super().__init__(data, auto_id="why-%s", **kwargs)  # type: ignore[arg-type]


@from_our_own_pages
def feedback(request: HttpRequest) -> HttpResponse:
    """POST `helpful=yes` or `no` of an answer: counted, and led on to where one can say why. 404 for no answer."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    reader = reader_of(request)
    publication = _answer(request.POST.get("answer", ""))
    said = request.POST.get("helpful", "")
    if said not in {"yes", "no"}:
        raise Http404
    if not limits.may_send(request, "opinion", limits.OPINIONS):
        return _too_many(reader, publication)
    row = hearing.vote(
        publication,
        number=_number(request, publication),
        helped=said == "yes",
        audience=reader.audience,
        sender=limits.sender(request),
    )
    return _theirs(row, reader)


@from_our_own_pages
def mistake(request: HttpRequest) -> HttpResponse:
    """GET `?answer=` shows the form; POST keeps a report. What is wrong in it is said beside its field, with 422."""
    if request.method in {"GET", "HEAD"}:
        return mistake_page(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    reader = reader_of(request)
    publication = _answer(request.POST.get("answer", ""))
    form = MistakeForm(request.POST)
    if not form.is_valid():
        return _form_page(reader, form, publication, status=422)
    if form.cleaned_data["website"]:
        return HttpResponseRedirect(reverse("readers:ask_thanks") + reader.carry, status=303)
    said = form.cleaned_data["text"]
    if masking.details(said) and not form.cleaned_data["warned"]:
        form.data = {**form.data.dict(), "warned": "1"}  # type: ignore[attr-defined]
        return _form_page(reader, form, publication, status=409)
    if not limits.may_send(request, "opinion", limits.OPINIONS):
        form.add_error(None, _("Much came from your connection in a short time. Yours stands below: send it later."))
        return _form_page(reader, form, publication, status=429)
    row = hearing.report(
        publication,
        number=_number(request, publication),
        passage=form.cleaned_data["passage"],
        text=said,
        audience=reader.audience,
        sender=limits.sender(request),
    )
    return _theirs(row, reader)


@public_page
def mistake_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The form by itself. 404 without an answer."""
    return _form_page(reader, MistakeForm(), _answer(request.GET.get("answer", "")))


@from_our_own_pages
def my_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what one said and what became of it; POST `do`: `why` adds a sentence to a vote, `erase` takes words out.

    404 for an address that opens nothing.
    """
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    row = hearing.opened_with(token)
    if row is None:
        raise Http404
    reader = reader_of(request)
    if request.method != "POST":
        return _my_page(reader, row, token, WhyForm())
    if request.POST.get("do") == "erase":
        hearing.erase(row, why=FollowUpQuestion.Erased.WISH)
        return _theirs(row, reader)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _my_page(reader, row, token, form, status=422)
    if not limits.may_send(request, "opinion", limits.OPINIONS):
        form.add_error(None, _("Much came from your connection in a short time. Yours stands below: send it later."))
        return _my_page(reader, row, token, form, status=429)
    try:
        hearing.say_why(row, text=form.cleaned_data["text"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return _my_page(reader, row, token, form, status=409)
    return _theirs(row, reader)


def _answer(slug: str) -> Publication:
    """The public answer of this slug. Http404 for any other word."""
    found = (
        Publication.objects.readable().select_related("edition").filter(slug=slug).first()
        if slug_re.match(slug)
        else None
    )
    if found is None:
        raise Http404
    return found


def _number(request: HttpRequest, publication: Publication) -> int:
    """The public edition that was read, as the form says; the live one for anything else."""
    public = {str(entry["number"]): entry["number"] for entry in publication.statement["editions"] if entry["readable"]}
    return int(public.get(request.POST.get("edition", ""), publication.edition.number))


def _theirs(row: Feedback, reader: Reader) -> HttpResponse:
    address = reverse("readers:my_feedback", args=[hearing.token_of(row)])
    return HttpResponseRedirect(address + reader.carry, status=303)


def _too_many(reader: Reader, publication: Publication) -> HttpResponse:
    response = rendered(
        "readers/too_many.html",
        reader,
        path=reverse("readers:feedback"),
        noindex=True,
        status=429,
        answer_url=reverse("readers:answer", args=[publication.slug]) + reader.carry,
        answer_question=question_of(publication, reader),
    )
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _form_page(reader: Reader, form: MistakeForm, publication: Publication, *, status: int = 200) -> HttpResponse:
    said = str(form.data.get("text", ""))
    response = rendered(
        "readers/mistake.html",
        reader,
        path=reverse("readers:mistake"),
        noindex=True,
        status=status,
        form=form,
        details=list(dict.fromkeys(one.what for one in masking.details(said))),
        answer_slug=publication.slug,
        answer_question=question_of(publication, reader),
        answer_mark=mark_of(publication),
        answer_url=reverse("readers:answer", args=[publication.slug]) + reader.carry,
        edition_number=publication.edition.number,
    )
    if form.is_bound:
        response["Cache-Control"] = "no-store"
    if status == 429:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _my_page(reader: Reader, row: Feedback, token: str, form: WhyForm, *, status: int = 200) -> HttpResponse:
    publication = Publication.objects.readable().filter(article=row.article_id).first()
    response = rendered(
        "readers/my_feedback.html",
        reader,
        path=reverse("readers:my_feedback", args=[token]),
        noindex=True,
        status=status,
        said=row,
        form=form,
        may_say_why=row.state == hearing.State.COUNTED and not row.erased_at,
        has_words=bool(row.text or row.passage),
        answer_url=reverse("readers:answer", args=[publication.slug]) + reader.carry if publication else "",
        answer_question=question_of(publication, reader) if publication else "",
        answer_mark=mark_of(publication) if publication else "",
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
