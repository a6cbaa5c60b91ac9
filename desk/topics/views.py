"""Topics: the tree as it stands, and an editor's form for each: what it is about, and under which other it stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from articles import topics as rules
from articles.models import Topic
from desk.access import EDITOR, roles_of
from people.models import User

MOST_VERSIONS = 50


class TopicForm(forms.Form):
    """What an editor says of a topic. What it may hold `articles.topics` says."""

    description = forms.CharField(
        label=gettext_lazy("What it is about"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A sentence or two for readers, above its answers."),
    )
    parent = forms.TypedChoiceField(
        label=gettext_lazy("Stands under"), required=False, coerce=int, empty_value=None, choices=()
    )
    comment = forms.CharField(
        label=gettext_lazy("What did you change, and why?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the history below."),
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = rules.places_for(topic, rules.tree())
        choices = [("", _("No other: it stands at the top")), *((one.pk, _indented(one, at)) for one, at in places)]
        field = self.fields["parent"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = _("It can't stand there. Choose one of the topics in the list.")


def _indented(topic: Topic, depth: int) -> str:
    return f"{'– ' * depth}{topic.name}"


def topics(request: HttpRequest) -> HttpResponse:
    """GET: all topics as a tree, each with its description and how many articles stand under it."""
    counts = dict(Topic.objects.annotate(count=Count("articles")).order_by().values_list("pk", "count"))
    rows = [(one, depth, counts.get(one.pk, 0)) for one, depth in rules.in_order(rules.tree())]
    return render(
        request,
        "desk/topics/list.html",
        {"section": "articles", "rows": rows, "is_editor": EDITOR in roles_of(request)},
    )


def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form of a topic. POST: save it; 422 with sentences, 409 where somebody saved it meanwhile."""
    row = get_object_or_404(Topic, pk=pk)
    if request.method != "POST":
        return _page(request, row, TopicForm(topic=row, initial=_initial(row)))
    form = TopicForm(request.POST, topic=row)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    person = request.user
    assert isinstance(person, User)
    try:
        saved = rules.save(row, by=person, **form.cleaned_data)
    except rules.Conflict as conflict:
        again = request.POST.copy()
        again["base_version"] = str(conflict.current.version)
        form = TopicForm(again, topic=conflict.current)
        form.is_valid()
        return _page(request, conflict.current, form, theirs=conflict.current, status=409)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name, sentences)
        return _page(request, row, form, status=422)
    messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
    return redirect("desk:topics")


def _initial(row: Topic) -> dict[str, Any]:
    return {"description": row.description, "parent": row.parent_id, "base_version": row.version}


def _page(
    request: HttpRequest, row: Topic, form: TopicForm, *, theirs: Topic | None = None, status: int = 200
) -> HttpResponse:
    history = Version.objects.get_for_object(row).select_related("revision__user")[:MOST_VERSIONS]
    return render(
        request,
        "desk/topics/topic.html",
        {"section": "articles", "topic": row, "form": form, "theirs": theirs, "history": history},
        status=status,
    )
