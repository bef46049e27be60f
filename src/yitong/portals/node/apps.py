"""Django's name for portals/node."""

from django.apps import AppConfig


class NodeConfig(AppConfig):
    """What belongs to the node itself"""

    name = "yitong.portals.node"
    label = "portal_node"
