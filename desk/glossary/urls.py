"""Addresses of the glossary: the list, a new term or a proposal, and one term."""

from __future__ import annotations

from django.urls import path

from desk.glossary import lists, proposing, terms

urlpatterns = [
    path("glossary/", lists.glossary, name="glossary"),
    path("glossary/new/", proposing.term_new, name="term_new"),
    path("glossary/<int:pk>/", terms.term, name="term"),
]
