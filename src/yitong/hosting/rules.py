"""Pure decisions of hosting: when a dead child is started again, what the server's settings are.

Facts in, decisions out: no clock, no files, no processes.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

# sun_path holds 108 bytes with its closing zero (unix(7)).
SOCKET_PATH_LIMIT = 107
SOCKET_PORT = 5432

MINUTE = 60.0
DEATHS_A_MINUTE = 3
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_MEMORY_OF_DEATHS = 600.0


def restart_delay(deaths: Sequence[float]) -> float | None:
    """Seconds to wait before a child whose death closes `deaths` is started again; None: stop the node.

    `deaths` are rising instants of one clock in seconds, the newest last. Three within a minute stop the
    node; fewer double the wait for each death of the last ten minutes.
    """
    newest = deaths[-1]
    if sum(1 for at in deaths if newest - at < MINUTE) >= DEATHS_A_MINUTE:
        return None
    recent = sum(1 for at in deaths if newest - at < _MEMORY_OF_DEATHS)
    # The exponent is bounded so that a long list cannot overflow a float.
    return float(min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(recent - 1, 10)))


def socket_fits(folder: PurePosixPath) -> bool:
    """Whether PostgreSQL's socket in `folder` has a path that the kernel accepts."""
    return len(str(folder / f".s.PGSQL.{SOCKET_PORT}").encode()) <= SOCKET_PATH_LIMIT


def major(version: str) -> int:
    """The major version in `postgres (PostgreSQL) 18.6 (Debian …)`, `18.6` or `18`."""
    number = version.rpartition("PostgreSQL) ")[2].split()[0]
    return int("".join(_leading_digits(number)))


def _leading_digits(text: str) -> Iterable[str]:
    for character in text:
        if not character.isdigit():
            return
        yield character


def role_timeouts(server_major: int) -> dict[str, str]:
    """Time-outs of the application's role.

    The ledger's sequencer takes only entries older than every running write transaction, so one
    forgotten transaction anywhere would stop it: no transaction of ours lives longer than 30 s.
    PostgreSQL below 17 has no limit on a whole transaction; there each statement and each pause
    inside a transaction is limited.
    """
    if server_major >= 17:
        return {"transaction_timeout": "30s"}
    return {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"}


def server_options(server_major: int, *, durable: bool) -> dict[str, str]:
    """The server's settings, for a small machine: the whole idle node has to stay below 400 MiB."""
    options = {
        # Unix socket only: nothing to reach from outside, no port to collide with another node.
        "listen_addresses": "",
        "port": str(SOCKET_PORT),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "60",
        "shared_buffers": "32MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "wal_buffers": "1MB",
        "max_wal_size": "512MB",
        "min_wal_size": "32MB",
        "max_worker_processes": "4",
        "max_parallel_workers": "2",
        "max_parallel_workers_per_gather": "1",
        "autovacuum_max_workers": "2",
        # Compilation costs more than it gains on the short statements of a node.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "default_text_search_config": "pg_catalog.simple",
        **_log_options(),
    }
    if server_major >= 18:
        # No I/O helper processes: with a cache this small they only cost memory.
        options["io_method"] = "sync"
    if not durable:
        # Commits still reach the operating system, so a test that kills the server loses none.
        options |= {"fsync": "off", "full_page_writes": "off"}
    return options


def _log_options() -> dict[str, str]:
    """No personal data in a log: no statement, no parameter, no value quoted in an error's detail.

    `log` stands above `error` in log_min_messages: errors of statements, which quote values ("invalid
    input syntax for … "张三""), go to the application alone; starts, crashes and recoveries are logged.
    """
    return {
        "logging_collector": "on",
        "log_filename": "postgresql-%Y%m%d-%H%M%S.log",
        "log_file_mode": "0600",
        "log_rotation_size": "5MB",
        "log_rotation_age": "1d",
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "%m [%p] ",
    }


def configuration(options: Mapping[str, str]) -> str:
    """`options` as the text of a postgresql.conf."""
    lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in options.items())
    return "\n".join(lines) + "\n"
