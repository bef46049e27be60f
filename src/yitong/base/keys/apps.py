"""Django's name for base/keys."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """密钥"""

    name = "yitong.base.keys"
    label = "keys"
    default_auto_field = "django.db.models.BigAutoField"
