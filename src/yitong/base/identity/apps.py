"""Django's name for base/identity."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """身份"""

    name = "yitong.base.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
