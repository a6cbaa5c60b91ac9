"""From Word: a .docx is read, shown with what becomes of its works, and made a draft when its author says so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.markup.door import TextRefused, trusted
from articles.markup.door import render as laid_out
from articles.models import Article, WordDocument
from articles.word import package, reading, taking
from desk.access import person_of
from desk.library.showing import entry_shown
from references.importing import TAKEN, Fate, Options, Preview


class WordForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Word document"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "A .docx of at most 20 MB. Citations of Zotero and Mendeley become citations of the library's works."
        ),
        error_messages={"required": gettext_lazy("Choose the .docx to read.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > package.LARGEST_FILE:
            raise ValidationError(
                _("The file has more than %(limit)d MB. Take large pictures out and try again.")
                % {"limit": package.LARGEST_FILE // 1_000_000}
            )
        return file


class DraftForm(forms.Form):
    """The question of the draft to be made."""

    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=Article._meta.get_field("question").max_length,
        help_text=gettext_lazy("The clinician's question. It is the title of the answer."),
        error_messages={"required": gettext_lazy("Write the clinician's question: it is the title of the answer.")},
    )


def word_import(request: HttpRequest) -> HttpResponse:
    """GET: the form, and documents of one's own that wait; POST: read the file and go on to its preview. 422 else."""
    form = WordForm(request.POST, request.FILES) if request.method == "POST" else WordForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = taking.start(file.read(), by=person_of(request), name=file.name)
        except package.Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return redirect("desk:word", row.pk)
    waiting = WordDocument.objects.filter(by=person_of(request), article=None).defer("document")
    return render(
        request,
        "desk/writing/word.html",
        {"section": "articles", "form": form, "waiting": waiting, "days": taking.KEPT_FOR.days},
        status=422 if form.errors else 200,
    )


def word(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what was read and what becomes of it; POST `do`: `take` makes the draft, `drop` forgets the document.

    422 with a sentence where the draft cannot be made; what was read and the question stay.
    """
    row = get_object_or_404(WordDocument.objects.select_related("article"), pk=pk, by=person_of(request))
    if row.article is not None:
        return redirect("desk:article_edit", row.article.pk)
    options = _chosen(request, row)
    if request.method != "POST":
        return _page(request, row, DraftForm(initial={"question": row.document["title"]}), options)
    if request.POST.get("do") == "drop":
        WordDocument.objects.filter(pk=row.pk, article=None).delete()
        messages.success(request, _("The document is dropped; nothing was taken in."))
        return redirect("desk:word_import")
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, options, status=422)
    try:
        article = taking.take(row, by=person_of(request), question=form.cleaned_data["question"], options=options)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
        return _page(request, row, form, options, status=422)
    messages.success(request, _("The draft is made, and its works are in the library. Write the bottom line next."))
    return redirect("desk:article_edit", article.pk)


def _chosen(request: HttpRequest, row: WordDocument) -> Options:
    """Which works that are perhaps here already are to be taken in as works of their own; every other as it is."""
    ticked = {int(text) for text in request.POST.getlist("take") if text.isdecimal() and len(text) < 9}
    return Options(rename_keys=True, take=frozenset(ticked))


def _page(
    request: HttpRequest, row: WordDocument, form: DraftForm, options: Options, *, status: int = 200
) -> HttpResponse:
    document = taking.document_of(row)
    preview = taking.works_of(row, options)
    keys = taking.keys_of(preview)
    rows = []
    for entry in preview.entries:
        may_choose = entry.fate == Fate.LIKELY or entry.position in options.take
        rows.append(entry_shown(entry, may_choose=False, is_done=False) | {"may_choose": may_choose})
    return render(
        request,
        "desk/writing/word_one.html",
        {
            "section": "articles",
            "row": row,
            "form": form,
            "rows": rows,
            "is_ready": any(one["may_choose"] for one in rows),
            "added": sum(entry.fate in TAKEN for entry in preview.entries),
            "linked": _linked(document, keys),
            "unresolved": taking.unresolved(document, keys),
            "lost": taking.lost_in_words(document.lost),
            **_text(document, preview, keys),
        },
        status=status,
    )


def _linked(document: reading.Document, keys: dict[int, str]) -> int:
    """How many citations lead to works of the library, all of their works."""
    return sum(all(cited.work in keys for cited in cluster.cited) for cluster in document.clusters)


def _text(document: reading.Document, preview: Preview, keys: dict[int, str]) -> dict[str, Any]:
    """The text as it will be laid out, or why it can't be."""
    try:
        rendering = laid_out(body=taking.text_of(document, keys), known=None)
    except TextRefused as refused:
        return {"too_much": str(refused), "body": ""}
    blocking = next((finding.message for finding in rendering.findings if finding.blocks), "")
    return {"too_much": "" if rendering.texts[0].html else blocking, "body": trusted(rendering.texts[0].html)}
