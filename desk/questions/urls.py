"""Addresses of readers' questions."""

from __future__ import annotations

from django.urls import path

from desk.questions import hearing, inbox, triaging

urlpatterns = [
    path("questions/", inbox.questions, name="questions"),
    path("questions/feedback/", hearing.reports, name="reports"),
    path("questions/feedback/<int:pk>/", hearing.report, name="report"),
    path("questions/helpful/", hearing.helpful, name="helpful"),
    path("questions/<int:pk>/", triaging.question, name="question"),
]
