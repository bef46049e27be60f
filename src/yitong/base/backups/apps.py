"""Django's name for base/backups."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """备份"""

    name = "yitong.base.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"
