"""Django's entry for this app."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "readers"
