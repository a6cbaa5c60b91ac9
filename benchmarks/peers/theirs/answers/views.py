"""Search on the database, ten answers a page."""

from django.core.paginator import Paginator
from django.shortcuts import render

from answers.models import AnswerPage


def search(request):
    query = request.GET.get("q", "")
    found = AnswerPage.objects.live().search(query) if query else AnswerPage.objects.none()
    page = Paginator(found, 10).get_page(request.GET.get("page"))
    return render(request, "answers/search.html", {"query": query, "results": page})
