"""Django's name for data/exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """交换"""

    name = "yitong.data.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
