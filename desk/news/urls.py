"""Addresses of news: the page of it, one piece opened, all marked as read, and how one wants to be told."""

from __future__ import annotations

from django.urls import path

from desk.news import choosing, views

urlpatterns = [
    path("news/", views.news, name="news"),
    path("news/read/", views.read, name="news_read"),
    path("news/<int:pk>/", views.piece, name="news_piece"),
    path("profile/news/", choosing.choices, name="news_choices"),
]
