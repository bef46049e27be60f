"""Django's name for base/duties."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """责任"""

    name = "yitong.base.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"
