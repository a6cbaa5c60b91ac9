"""Addresses of working together on one article: comments, the due date, the hand-over. `pk` is an article's."""

from __future__ import annotations

from django.urls import path

from desk.together import charge, comments

urlpatterns = [
    path("articles/<int:pk>/comments/", comments.comments, name="comments"),
    path("articles/<int:pk>/comments/panel/", comments.panel, name="comments_panel"),
    path("articles/<int:pk>/comments/<int:thread>/", comments.thread, name="thread"),
    path("articles/<int:pk>/due/", charge.due, name="article_due"),
    path("articles/<int:pk>/hand-over/", charge.hand_over, name="hand_over"),
]
