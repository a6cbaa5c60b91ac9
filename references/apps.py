"""Django's entry for this app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReferencesConfig(AppConfig):
    name = "references"

    def ready(self) -> None:
        from references.searching.search_index import lay_after_migrate  # noqa: PLC0415 - checks register once apps are ready
        from references.web import checks  # noqa: F401, PLC0415 - checks register once apps are ready

        post_migrate.connect(lay_after_migrate, sender=self)
