"""Django's name for base/files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件"""

    name = "yitong.base.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
