"""Django's name for base/jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """任务"""

    name = "yitong.base.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
