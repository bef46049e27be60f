"""Django's name for base/statutes."""

from django.apps import AppConfig


class StatutesConfig(AppConfig):
    """法规"""

    name = "yitong.base.statutes"
    label = "statutes"
    default_auto_field = "django.db.models.BigAutoField"
