"""Django's name for data/sources."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """数据源"""

    name = "yitong.data.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"
