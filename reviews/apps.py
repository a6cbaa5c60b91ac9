"""Django's entry for this app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from articles import circle  # noqa: PLC0415 - models are there once apps are ready
        from reviews import interests, joining  # noqa: F401, PLC0415 - models are there once apps are ready
        from reviews.protection import lay_after_migrate  # noqa: PLC0415 - checks register once apps are ready

        circle.KEPT_OUT.append(interests.closed_for)
        post_migrate.connect(lay_after_migrate, sender=self)
