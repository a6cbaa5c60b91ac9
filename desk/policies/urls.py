"""Addresses of the policies of review: the list, the general policy, and that of one kind of answer."""

from __future__ import annotations

from django.urls import path

from desk.policies import views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/general/", views.policy, name="policy_general"),
    path("policies/<int:pk>/", views.policy, name="policy"),
]
