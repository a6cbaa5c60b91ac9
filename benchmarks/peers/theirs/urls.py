"""Addresses: the admin, search, and the pages."""

from answers.views import search
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("search/", search),
    path("", include(wagtail_urls)),
]
