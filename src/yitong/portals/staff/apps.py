"""Django's name for portals/staff."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """办 工作台"""

    name = "yitong.portals.staff"
    label = "portal_staff"
