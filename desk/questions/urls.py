"""Addresses of readers' questions."""

from __future__ import annotations

from django.urls import path

from desk.questions import inbox, triaging

urlpatterns = [
    path("questions/", inbox.questions, name="questions"),
    path("questions/<int:pk>/", triaging.question, name="question"),
]
