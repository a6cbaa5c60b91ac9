"""Django's entry for this app."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "readers"

    def ready(self) -> None:
        from articles import redacting  # noqa: PLC0415 - models are there once apps are ready
        from readers.redacting import out_of_what_was_sent  # noqa: PLC0415 - models are there once apps are ready

        redacting.ELSEWHERE.append(out_of_what_was_sent)
