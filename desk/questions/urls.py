"""Addresses of readers' questions."""

from __future__ import annotations

from django.urls import path

from desk.questions import views

urlpatterns = [
    path("questions/", views.questions, name="questions"),
    path("questions/<int:pk>/", views.question, name="question"),
]
