"""The forms of writing: the article with its byline, and the list's filters. What may be stored `drafting` says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

import idutils
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import drafting
from articles.models import AnswerKind, Article, FormerSlug, Publication, Topic
from people.models import Role, User

MOST_AUTHORS = 100
LONGEST_TOPIC = cast(int, Topic._meta.get_field("name").max_length)


class ProseField(forms.CharField):
    """A text with `\\n` line ends, as it is stored: a browser sends two characters for each, and counts one."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def _prose(label: Any, *, rows: int, longest: int | None = None, help_text: Any = "", strip: bool = True) -> ProseField:
    return ProseField(
        label=label,
        required=False,
        max_length=longest,
        strip=strip,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ArticleForm(forms.Form):
    """Everything that its author writes of an article. `answers` are those that it may follow up."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The clinician's question. It is the title of the answer."),
        error_messages={"required": gettext_lazy("Write the clinician's question: it is the title of the answer.")},
    )
    plain_question = forms.CharField(
        label=gettext_lazy("Question in plain words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The title for patients and other plain-register readers."),
    )
    heading = forms.CharField(label=gettext_lazy("Heading"), required=False, max_length=200)
    lead = _prose(
        gettext_lazy("Bottom line"), rows=4, longest=2000, help_text=gettext_lazy("The answer in a sentence or two.")
    )
    plain_heading = forms.CharField(label=gettext_lazy("Heading, plain"), required=False, max_length=200)
    plain_lead = _prose(gettext_lazy("Bottom line in plain words"), rows=4, longest=2000)
    body = _prose(gettext_lazy("Text"), rows=24, strip=False)
    topics = _prose(gettext_lazy("Topics"), rows=3, help_text=gettext_lazy("One on each line."))
    searched_on = forms.DateField(
        label=gettext_lazy("Evidence searched to"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("The date to which the evidence was searched."),
    )
    follow_up_of = forms.CharField(
        label=gettext_lazy("Follow-up of"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": "answers", "autocomplete": "off"}),
        help_text=gettext_lazy("The question or the address of the answer that this one follows up."),
    )
    kind = forms.ModelChoiceField(
        AnswerKind.objects.none(),
        label=gettext_lazy("Kind of answer"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("none of these"),
        help_text=gettext_lazy("Changing it leaves the text as it is."),
    )
    slug = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=120)
    comment = forms.CharField(
        label=gettext_lazy("What did you change?"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("A few words for the history."),
    )

    def __init__(self, *args: Any, article: Article, answers: QuerySet[Article], is_editor: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.article, self.answers = article, answers
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ModelChoiceField)
        kind.queryset = AnswerKind.objects.filter(Q(is_offered=True) | Q(pk=article.kind_id))
        if not is_editor:
            del self.fields["slug"]
        else:
            self.fields["slug"].help_text = (
                _("The answer is public: its old address goes on leading here.")
                if hasattr(article, "publication")
                else _("What follows /answers/. Leave it empty to make it from the question.")
            )

    def clean_topics(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data["topics"].splitlines()]
        for name in names:
            if len(name) > LONGEST_TOPIC:
                raise ValidationError(
                    _("The topic %(name)s is longer than %(limit)d characters.")
                    % {"name": f"“{name[:40]}…”", "limit": LONGEST_TOPIC}
                )
        return [name for name in names if name]

    def clean_follow_up_of(self) -> Article | None:
        words = self.cleaned_data["follow_up_of"]
        if not words:
            return None
        before = self.article.follow_up_of
        if before and words in {before.slug, before.question}:
            return before
        found = list(_answers_named(words, self.answers.exclude(pk=self.article.pk))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several answers have this question. Give the address of the one you mean."))
        raise ValidationError(_("There is no answer with this question or address that you may see."))

    def fill(self, article: Article) -> None:
        """Write what the form holds into the article, which is not saved here. Needs a valid form."""
        for name in (*drafting.TEXT_FIELDS, "searched_on", "follow_up_of", "kind"):
            setattr(article, name, self.cleaned_data[name])
        if "slug" in self.fields:
            self._fill_slug(article)

    def _fill_slug(self, article: Article) -> None:
        slug = self.cleaned_data["slug"]
        if article.pk is None:
            article.slug, article.slug_is_set = slug, bool(slug)
        else:
            article.slug = slug


def _answers_named(words: str, answers: QuerySet[Article]) -> QuerySet[Article]:
    """The answers whose question, address or last part of an address this is, former addresses included."""
    path = urlsplit(words).path if "/" in words else words
    slug = path.rstrip("/").rpartition("/")[2]
    former = FormerSlug.objects.filter(slug=slug).values("article")
    return answers.filter(Q(question__iexact=words) | Q(slug=slug) | Q(pk__in=former))


def initial_of(article: Article, topics: Iterable[Topic]) -> dict[str, Any]:
    """What the form of an article shows first."""
    return {name: getattr(article, name) for name in (*drafting.TEXT_FIELDS, "searched_on", "slug")} | {
        "base_version": article.version,
        "topics": "\n".join(topic.name for topic in topics),
        "follow_up_of": article.follow_up_of.slug if article.follow_up_of else "",
        "kind": article.kind.slug if article.kind else "",
    }


class AuthorForm(forms.Form):
    """One author of the byline: a person with an account, or a name with credentials."""

    user = forms.TypedChoiceField(
        label=gettext_lazy("Person with an account"), required=False, coerce=int, empty_value=None
    )
    name = forms.CharField(label=gettext_lazy("or name"), required=False, max_length=120)
    credentials = forms.CharField(label=gettext_lazy("Credentials"), required=False, max_length=120)
    orcid = forms.CharField(label="ORCID", required=False, max_length=60)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        assert isinstance(user, forms.TypedChoiceField)
        user.choices = [("", _("Nobody with an account"))] + [(one.pk, one.printed_name) for one in people]

    def clean_orcid(self) -> str:
        orcid = self.cleaned_data["orcid"]
        if orcid and not idutils.is_orcid(orcid):
            raise ValidationError(_("This is no ORCID: one looks like 0000-0002-1825-0097."))
        return idutils.normalize_orcid(orcid) if orcid else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("user") and not data.get("name") and (data.get("credentials") or data.get("orcid")):
            self.add_error("name", _("Say whose credentials these are."))
        return data


class BaseByline(forms.BaseFormSet):
    """The byline in its order. What is removed, or holds neither person nor name, does not count."""

    def entries(self, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The byline as an article holds it. Needs a valid formset.

        Name and credentials of a person with an account are the account's; of one who has left, what stood `before`.
        """
        rows = [form.cleaned_data for form in self.ordered_forms]
        accounts = User.objects.in_bulk([row["user"] for row in rows if row.get("user")])
        kept = {entry.get("user"): entry for entry in before}
        entries = []
        for row in rows:
            user = accounts.get(row.get("user"))
            if user and not user.is_active and user.pk in kept:
                entries.append(kept[user.pk])
            elif user:
                entries.append(
                    drafting.byline_entry(name=user.name, credentials=user.credentials, orcid=user.orcid, user=user)
                )
            elif row.get("name"):
                entries.append(
                    drafting.byline_entry(name=row["name"], credentials=row["credentials"], orcid=row["orcid"])
                )
        return entries

    def clean(self) -> None:
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        people = [data["user"] for data in kept if data.get("user")]
        if len(people) != len(set(people)):
            raise ValidationError(_("The same person stands in the byline twice."))


Byline = forms.formset_factory(
    AuthorForm, formset=BaseByline, extra=1, can_order=True, can_delete=True, max_num=MOST_AUTHORS, validate_max=True
)


def byline_initial(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the rows of a byline show first: of a person with an account only who it is."""
    return [
        {"user": entry["user"]}
        if entry.get("user")
        else {name: entry.get(name, "") for name in ("name", "credentials", "orcid")}
        for entry in entries
    ]


def people_for(byline: Iterable[dict[str, Any]]) -> list[User]:
    """Who can be chosen: everybody who works here, and those who stand in the byline already."""
    here = User.objects.acting_as(*Role.values).values("pk")
    standing = [entry["user"] for entry in byline if entry.get("user")]
    return list(User.objects.filter(Q(pk__in=here) | Q(pk__in=standing)).order_by("name", "pk"))


def answers_for(mine: QuerySet[Article]) -> QuerySet[Article]:
    """The answers that an article may follow up: those that lists show to the public, and the person's own."""
    listed = Publication.objects.listed().values("article")
    return Article.objects.filter(Q(pk__in=listed) | Q(pk__in=mine.values("pk")))
