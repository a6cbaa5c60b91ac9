"""An answer with a bottom line, a text and its works, and the list of answers."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

SHOWN = 20


class AnswersPage(Page):
    """The list: the newest first, a page at a time."""

    subpage_types = ["answers.AnswerPage"]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        answers = AnswerPage.objects.child_of(self).live().order_by("-first_published_at").defer_streamfields()
        context["answers"] = Paginator(answers, SHOWN).get_page(request.GET.get("page"))
        return context


class AnswerPage(Page):
    """One answer."""

    heading = models.CharField(max_length=300, blank=True)
    lead = RichTextField(blank=True)
    body = RichTextField(blank=True)

    parent_page_types = ["answers.AnswersPage"]
    search_fields = [
        *Page.search_fields,
        index.SearchField("heading", boost=2),
        index.SearchField("lead", boost=2),
        index.SearchField("body"),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        FieldPanel("body"),
        InlinePanel("works", label="works"),
    ]


class Work(Orderable):
    """A work that an answer cites."""

    page = ParentalKey(AnswerPage, on_delete=models.CASCADE, related_name="works")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    source = models.CharField(max_length=200, blank=True)
    year = models.IntegerField(null=True, blank=True)
    doi = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return self.title
