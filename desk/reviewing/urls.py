"""Addresses of reviewing: the queue, an edition under review, and the moves of a review. `pk` is an edition's."""

from __future__ import annotations

from django.urls import path

from desk.reviewing import deciding, pages, queue

urlpatterns = [
    path("reviews/", queue.reviews, name="reviews"),
    path("reviews/<int:pk>/", pages.review, name="review"),
    path("reviews/<int:pk>/texts/<int:number>/", pages.text, name="review_text"),
    path("reviews/<int:pk>/take-up/", pages.take_up, name="take_up"),
    path("reviews/<int:pk>/decide/", deciding.decide, name="decide"),
    path("reviews/<int:pk>/pull-back/", pages.pull_back, name="pull_back"),
    path("reviews/<int:pk>/objections/<int:objection>/", pages.settle_objection, name="settle_objection"),
]
