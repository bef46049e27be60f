"""Django's name for portals/gateway."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The machines' door"""

    name = "yitong.portals.gateway"
    label = "portal_gateway"
