"""The door of hosting: a database server over a directory, a node's processes, and their state."""

from yitong.hosting import archive, dumping
from yitong.hosting.cluster import Cluster, ServerSettings, open_cluster, sigterm_leaves
from yitong.hosting.database import check_url
from yitong.hosting.errors import ChildKeepsDying, DirectoryTaken, HostingRefusal
from yitong.hosting.folder import data_dir_default, write_private
from yitong.hosting.manifest import Manifest
from yitong.hosting.node import NodePlan, run_node
from yitong.hosting.processes import ChildSpec, web_child
from yitong.hosting.status import ServerStatus, server_status

__all__ = [
    "ChildKeepsDying",
    "ChildSpec",
    "Cluster",
    "DirectoryTaken",
    "HostingRefusal",
    "Manifest",
    "NodePlan",
    "ServerSettings",
    "ServerStatus",
    "archive",
    "check_url",
    "data_dir_default",
    "dumping",
    "open_cluster",
    "run_node",
    "server_status",
    "sigterm_leaves",
    "web_child",
    "write_private",
]
