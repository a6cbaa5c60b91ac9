"""The forms of triage: what may become of a question. The rules stand in `readers.triage`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Publication
from people.models import Role, User
from readers.models import FollowUpQuestion
from readers.triage import LONGEST_QUESTION_BACK


class DraftForm(forms.Form):
    """A new answer for an author, or an article that is being written."""

    title = forms.CharField(
        label=gettext_lazy("Question of the answer"),
        max_length=Article._meta.get_field("question").max_length,
        help_text=gettext_lazy("As a clinician would ask it: it becomes the title."),
        error_messages={"required": gettext_lazy("Write the question that the answer is to have as its title.")},
    )
    author = forms.ModelChoiceField(
        label=gettext_lazy("Author"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose who is to write it.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.acting_as(Role.AUTHOR.value, Role.EDITOR.value)
        self.fields["author"].queryset = people  # type: ignore[attr-defined]


class ArticleForm(forms.Form):
    """An article by its slug: public ones for “answered”, others for “being written”."""

    article = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "answers", "autocomplete": "off"}),
        help_text=gettext_lazy("Its address, or the last part of it."),
        error_messages={"required": gettext_lazy("Name the answer.")},
    )

    def clean_article(self) -> Article:
        slug = self.cleaned_data["article"].partition("?")[0].strip().rstrip("/").rpartition("/")[2]
        publication = Publication.objects.filter(slug=slug).select_related("article").first()
        article = publication.article if publication else Article.objects.filter(slug=slug).first()
        if article is None:
            raise ValidationError(_("There is no answer at this address."))
        return article


class DuplicateForm(forms.Form):
    """The earlier question by its number."""

    number = forms.IntegerField(
        label=gettext_lazy("Number of the earlier question"),
        min_value=1,
        max_value=2**31,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write the number of the earlier question."),
            "invalid": gettext_lazy("Write the number alone, such as 12."),
        },
    )

    def clean_number(self) -> FollowUpQuestion:
        row = FollowUpQuestion.objects.filter(pk=self.cleaned_data["number"]).select_related("duplicate_of").first()
        if row is None:
            raise ValidationError(_("There is no question of this number."))
        return row


class BackForm(forms.Form):
    """What to ask the reader."""

    back = forms.CharField(
        label=gettext_lazy("What you ask the reader"),
        max_length=LONGEST_QUESTION_BACK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It goes by mail, once, with a link to answer by."),
        error_messages={"required": gettext_lazy("Write what you want to ask the reader.")},
    )


class WhyForm(forms.Form):
    """Why a question gets no answer here, or why nothing is done about a report."""

    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk. The reader is not shown it."),
        error_messages={"required": gettext_lazy("Say why in a few words, for those who read this later.")},
    )
