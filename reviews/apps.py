"""Django's entry for this app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
