"""Django's name for portals/law."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """时限和工作日历"""

    name = "yitong.portals.law"
    label = "portal_law"
