"""Django's name for data/sharing."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """共享"""

    name = "yitong.data.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
