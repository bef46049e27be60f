"""A database of its own for one benchmark: made below /var/tmp, removed at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yitong.hosting.api import open_cluster
from yitong.kernel.actor import Actor

BY = Actor.system("bench")


@dataclass(frozen=True, slots=True)
class Throwaway:
    """A running server with migrated tables and keys; Django points at it."""

    data_dir: Path
    url: str
    server: str


@contextmanager
def throwaway_node() -> Iterator[Throwaway]:
    """For this process only: Django must not have been set up for another database before."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-bench-", dir="/var/tmp"))
    folder.chmod(0o755)  # the server may run as another user and must be able to enter
    try:
        with open_cluster(folder / "node") as cluster:
            os.environ |= {
                "DATABASE_URL": cluster.url,
                "YITONG_DATA": str(folder / "node"),
                "YITONG_SECRET_KEY": os.urandom(32).hex(),
                "YITONG_KEYS": str(folder / "keys"),
                "DJANGO_SETTINGS_MODULE": "yitong.config.settings",
            }
            yield Throwaway(folder / "node", cluster.url, _prepared())
            from django.db import connections

            connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared() -> str:
    """Migrate and make keys; the server's version."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from yitong.base.keys.api import initialise
    from yitong.base.statutes.api import load_register

    call_command("migrate", verbosity=0, interactive=False)
    initialise(by=BY)
    load_register(by=BY)
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
