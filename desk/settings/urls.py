"""The address of the site's texts."""

from __future__ import annotations

from django.urls import path

from desk.settings import views

urlpatterns = [path("settings/", views.settings, name="settings")]
