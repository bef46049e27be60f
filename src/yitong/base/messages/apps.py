"""Django's name for base/messages. Its label is its own: Django's toasts already have "messages"."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """消息"""

    name = "yitong.base.messages"
    label = "base_messages"
    default_auto_field = "django.db.models.BigAutoField"
