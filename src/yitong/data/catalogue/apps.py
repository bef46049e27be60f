"""Django's name for data/catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """目录"""

    name = "yitong.data.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
