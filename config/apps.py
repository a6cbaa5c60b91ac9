"""Django's entry for this app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.running import metrics, slow_queries, tasks  # noqa: F401, PLC0415 - models are there once apps are ready
        from readers.memo import pages  # noqa: PLC0415 - the same

        slow_queries.listen()
        pages.on_look.append(metrics.count_look)
