"""All addresses of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.generic import RedirectView

# The admin has no door of its own: its sign-in is allauth's, with its limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# It shows the record and changes nothing: what other packages would let it change is taken out.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)

urlpatterns = [
    path("", include("readers.urls")),
    path("desk/", include("desk.urls")),
    path("account/", include("people.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]
