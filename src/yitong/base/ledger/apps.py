"""Django's name for base/ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """账"""

    name = "yitong.base.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
