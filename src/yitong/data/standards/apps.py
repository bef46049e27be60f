"""Django's name for data/standards."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """标准"""

    name = "yitong.data.standards"
    label = "standards"
    default_auto_field = "django.db.models.BigAutoField"
