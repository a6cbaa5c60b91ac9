"""All addresses of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin has no door of its own: its sign-in is allauth's, with its limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("readers.urls")),
    path("desk/", include("desk.urls")),
    path("account/", include("people.urls")),
    path("admin/", admin.site.urls),
]
