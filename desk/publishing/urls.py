"""Addresses of publishing: the page of an answer (`pk` is an article's) and its moves (`pk` is an edition's)."""

from __future__ import annotations

from django.urls import path

from desk.publishing import views

urlpatterns = [
    path("articles/<int:pk>/publishing/", views.publishing, name="publishing"),
    path("editions/<int:pk>/publish/", views.publish, name="publish"),
    path("editions/<int:pk>/schedule/", views.schedule, name="schedule"),
    path("editions/<int:pk>/schedule/cancel/", views.cancel_schedule, name="cancel_schedule"),
    path("editions/<int:pk>/release/", views.release, name="release"),
    path("editions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("editions/<int:pk>/restore/", views.restore_answer, name="restore_answer"),
    path("editions/<int:pk>/retract/", views.retract, name="retract"),
    path("editions/<int:pk>/notices/", views.add_notice, name="add_notice"),
    path("look-again/<int:pk>/close/", views.close_re_review, name="close_re_review"),
]
