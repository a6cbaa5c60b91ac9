"""All addresses of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("readers.urls")),
    path("desk/", include("desk.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
