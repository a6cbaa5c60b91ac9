"""The images of an article: the list with what to write for each, uploading, changing its words, deleting.

With `dialog` in its address the list is a fragment for the editor's dialog; without JavaScript the page does the same.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.images import keeping
from articles.images.encoding import EXTENSIONS
from articles.images.uploads import LARGEST, ImageRefused, taken_in
from articles.markup.images import possible_names
from articles.models import Article, Image
from desk.access import article_for
from desk.writing.frame import frame
from people.models import User


class WordsForm(forms.Form):
    """What is said of an image."""

    alternative = forms.CharField(
        label=gettext_lazy("Alternative text"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "What the image says, for those who can't see it: the finding, not “a chart”. It is read aloud and printed "
            "where the image is missing."
        ),
        error_messages={"required": gettext_lazy("Write what the image says, for those who can't see it.")},
    )
    caption = forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stands under the image. It may cite: Adapted from [@key]."),
    )
    credit = forms.CharField(
        label=gettext_lazy("Credit and licence"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Whose work it is and under which licence we may show it. Printed under the image."),
    )


class UploadForm(WordsForm):
    """An image with what is said of it."""

    image = forms.FileField(
        label=gettext_lazy("Image"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, at most 8 MB; no PDF or other files. Wider than 1,600 pixels, it is made smaller. What "
            "a camera writes into a photograph, such as the place, is taken out. No patient may be recognised on it."
        ),
        error_messages={"required": gettext_lazy("Choose an image.")},
    )
    field_order = ("image", "alternative", "caption", "credit")


def images(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the article's images; POST: take one in. 422 with sentences beside the fields; the words come back."""
    article = article_for(request, pk)
    if request.method != "POST":
        return _page(request, article, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    added = _take(form, article, by=_person(request)) if form.is_valid() else None
    if added is None:
        return _page(request, article, form, status=422)
    if _is_dialog(request):
        return _page(request, article, UploadForm(), added=added)
    messages.success(
        request,
        _("The image is here as %(name)s. Write the line beside it into the text where readers are to see it.")
        % {"name": added.name},
    )
    return redirect("desk:images", article.pk)


def image_edit(request: HttpRequest, pk: int, image: int) -> HttpResponse:
    """GET: the words of an image; POST: change them. 422 with sentences beside the fields."""
    article = article_for(request, pk)
    row = _image_of(article, image)
    initial = {name: getattr(row, name) for name in keeping.WORDS}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keeping.change(row, by=_person(request), **form.cleaned_data)
        messages.success(request, _("What is said of %(name)s is changed.") % {"name": row.name})
        return redirect("desk:images", article.pk)
    return render(
        request,
        "desk/writing/image_edit.html",
        frame(request, article, tab="images") | {"image": _shown(row, article), "form": form},
        status=422 if form.errors else 200,
    )


def image_delete(request: HttpRequest, pk: int, image: int) -> HttpResponse:
    """POST: delete an image for good. 409 with the sentence where it stays."""
    article = article_for(request, pk)
    row = _image_of(article, image)
    refused = keeping.delete(row, by=_person(request))
    if refused:
        return _page(request, article, UploadForm(), refused=refused, status=409)
    messages.success(request, _("The image %(name)s is deleted.") % {"name": row.name})
    return redirect("desk:images", article.pk)


def _take(form: UploadForm, article: Article, *, by: User) -> Image | None:
    """Take a valid form's image in; None where it can't be, with the sentence beside the field."""
    said = form.cleaned_data
    file: UploadedFile = said["image"]
    try:
        # One byte more than may be, so that a file that is too large is seen to be.
        return keeping.add(
            article,
            taken_in(file.read(LARGEST + 1), size=file.size),
            by=by,
            original_name=file.name or "",
            **{name: said[name] for name in keeping.WORDS},
        )
    except ImageRefused as refused:
        form.add_error("image", str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _is_dialog(request: HttpRequest) -> bool:
    return "dialog" in request.GET


def _page(
    request: HttpRequest,
    article: Article,
    form: UploadForm,
    *,
    added: Image | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = [_shown(row, article) for row in keeping.of_article(article)]
    context = {"article": article, "images": rows, "form": form, "added": added and keeping.markdown_for(added)}
    if _is_dialog(request):
        return render(request, "desk/writing/images_dialog.html", context, status=status)
    # Its own sentence: what was refused here is not the person's text.
    context |= {"not_deleted": refused, "most": keeping.MOST}
    return render(request, "desk/writing/images.html", frame(request, article, tab="images") | context, status=status)


def _shown(row: Image, article: Article) -> dict[str, Any]:
    """An image as the templates take it."""
    return {
        "row": row,
        "extension": EXTENSIONS[row.media_type],
        "markdown": keeping.markdown_for(row),
        "is_frozen": getattr(row, "is_frozen", False),
        "is_used": row.name in possible_names(article.body),
    }


def _image_of(article: Article, pk: int) -> Image:
    return get_object_or_404(Image.objects.defer("data"), article=article, pk=pk)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
