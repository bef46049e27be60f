"""Django's name for portals/administration."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """机构和账号"""

    name = "yitong.portals.administration"
    label = "portal_administration"
