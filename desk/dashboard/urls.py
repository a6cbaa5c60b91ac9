"""Addresses of the dashboard and of its figures as files."""

from __future__ import annotations

from django.urls import path

from desk.dashboard import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:slug>.csv", views.figure_csv, name="dashboard_csv"),
]
