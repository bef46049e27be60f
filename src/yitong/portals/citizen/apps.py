"""Django's name for portals/citizen."""

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    """民 办事"""

    name = "yitong.portals.citizen"
    label = "portal_citizen"
