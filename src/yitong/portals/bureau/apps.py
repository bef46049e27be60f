"""Django's name for portals/bureau."""

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """数 数据局"""

    name = "yitong.portals.bureau"
    label = "portal_bureau"
