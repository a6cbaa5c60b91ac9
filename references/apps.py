"""Django's entry for this app."""

from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "references"
