"""Django's name for base/regions."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """行政区划"""

    name = "yitong.base.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"
