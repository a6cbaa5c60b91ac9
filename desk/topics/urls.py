"""Addresses of the topics: the tree, and one topic."""

from __future__ import annotations

from django.urls import path

from desk.topics import views

urlpatterns = [
    path("topics/", views.topics, name="topics"),
    path("topics/<int:pk>/", views.topic, name="topic"),
]
