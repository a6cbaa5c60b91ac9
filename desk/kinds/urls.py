"""Addresses of the kinds of answers: the list, a new one, and one kind."""

from __future__ import annotations

from django.urls import path

from desk.kinds import views

urlpatterns = [
    path("kinds/", views.kinds, name="kinds"),
    path("kinds/new/", views.kind_new, name="kind_new"),
    path("kinds/<int:pk>/", views.kind, name="kind"),
]
