"""Django's name for the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, templates, static files."""

    name = "yitong.ui"
    label = "ui"
