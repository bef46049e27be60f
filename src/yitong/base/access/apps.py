"""Django's name for base/access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """权限"""

    name = "yitong.base.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A policy that cannot be used stops the start, here and not at the first question."""
        from yitong.base.access.cedar import policy_book

        policy_book()
