"""`yitong run`: the node, or one part of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click
import psutil

from yitong.cli.errors import PortTaken, PortUnusable
from yitong.cli.node import (
    close_connections,
    data_option,
    database,
    require_whole,
    set_up_django,
)
from yitong.cli.place import Place, place_of
from yitong.cli.speech import Speech
from yitong.cli.words import _

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
_ANSWER_S = 1.0
SERVER_STARTS_S = 30


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web server listens, and with how many threads a process."""

    host: str
    port: int
    threads: int

    @property
    def reached_at(self) -> str:
        """The host under which this machine itself reaches it."""
        return _WILDCARDS.get(self.host, self.host)

    @property
    def url(self) -> str:
        host = f"[{self.reached_at}]" if ":" in self.reached_at else self.reached_at
        return f"http://{host}:{self.port}"


@click.command(
    help=_("运行节点：数据库、网页和后台任务一起，或者只运行其中一部分（web、worker）。")
)
@click.argument("part", type=click.Choice(["web", "worker"]), required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听的地址"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=_("监听的端口")
)
@click.option(
    "--threads",
    type=click.IntRange(1, 512),
    default=16,
    show_default=True,
    help=_("每个网页进程的线程数"),
)
@click.option(
    "--without-regions",
    is_flag=True,
    help=_("首次启动不载入全国行政区划（以后可用 yitong regions load）"),
)
@data_option
def run(
    *,
    part: str | None,
    data: Path | None,
    without_regions: bool,
    **listening: Any,  # noqa: ANN401 - what each option's type made
) -> int:
    place, web, speech = place_of(data), Web(**listening), Speech()
    require_whole(place)
    if part == "worker":
        return _run_worker(place)
    check_port(web)
    wishes = [] if without_regions or place.profile == "demo" else ["--with-regions"]
    if part == "web":
        return _run_web(place, web, speech, wishes)
    return _run_all(place, web, speech, wishes)


def check_port(web: Web) -> None:
    """Refuse before anything is started where the web server could not listen."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((web.host, web.port))
            trial.listen()
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno not in {98, 48}:
                raise PortUnusable(host=web.host, port=web.port, why=error.strerror) from error
            other = web.port + 1 if web.port < 65535 else 8000
            raise PortTaken(
                host=web.host, port=web.port, holder=_holder(web.port), other=other
            ) from error


def _holder(port: int) -> str:
    """Who listens there, where the system tells us."""
    with suppress(psutil.Error, OSError):
        for found in psutil.net_connections("tcp"):
            listens = found.status == psutil.CONN_LISTEN and found.laddr[1:] == (port,)
            if listens and found.pid:
                name = psutil.Process(found.pid).name()
                return _("（进程 {pid}，{name}）").format(pid=found.pid, name=name)
    return ""


def _run_all(place: Place, web: Web, speech: Speech, wishes: list[str]) -> int:
    from yitong.hosting.api import ChildSpec, NodePlan, run_node, web_child

    greeting = Greeting(place, web, speech)
    worker = ChildSpec("worker", [sys.executable, "-m", "yitong.cli", "run", "worker"])
    static = place.directory / "static"
    plan = NodePlan(
        data_dir=place.directory,
        children=[
            web_child(host=web.host, port=web.port, threads=web.threads, static=static),
            worker,
        ],
        database_url=place.database_url,
        prepare=lambda url: _prepare(place, web, url, wishes),
        say=lambda sentence: speech.note(_(sentence)),
        look_on=greeting.look,
    )
    try:
        run_node(plan)
    finally:
        greeting.take_back()
    return 0


def _prepare(place: Place, web: Web, url: str, wishes: list[str]) -> None:
    """In a process of its own: the supervisor lives as long as the node and must stay small."""
    place.furnish()
    os.environ.update(place.environment(url))
    os.environ.setdefault("YITONG_HOSTS", ",".join(_host_names(web.host)))
    done = subprocess.run(
        [sys.executable, "-m", "yitong.config.start", *wishes],
        env={**os.environ, "DATABASE_URL": url},
        check=False,
    )
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)  # it has said why


def _host_names(host: str) -> list[str]:
    """Under which names pages are answered: this machine's own, and no others (a forged Host header)."""
    if host not in _WILDCARDS:
        return [*_LOCAL_NAMES, f"[{host}]" if ":" in host else host]
    own = {
        address.address.partition("%")[0]
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family in {socket.AF_INET, socket.AF_INET6}
    }
    named = {f"[{address}]" if ":" in address else address for address in own}
    return sorted({*_LOCAL_NAMES, *named, socket.gethostname().lower()})


class Greeting:
    """Says the node's address when its first page answers."""

    def __init__(self, place: Place, web: Web, speech: Speech) -> None:
        self._place, self._web, self._speech = place, web, speech
        self._is_said = False

    def look(self) -> None:
        if not self._is_said and answers(self._web):
            self._is_said = True
            self._place.announce(self._web.url)
            mark = _("（演示节点，全部为合成数据）") if self._place.profile == "demo" else ""
            self._speech.say(
                _("节点已就绪：{url}/ {mark}").format(url=self._web.url, mark=mark).rstrip()
            )
            self._speech.note(_("按 Ctrl-C 停止"))

    def take_back(self) -> None:
        if self._is_said:
            self._place.announce(None)


def answers(web: Web) -> bool:
    """Whether the first page comes."""
    connection = http.client.HTTPConnection(web.reached_at, web.port, timeout=_ANSWER_S)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _run_web(place: Place, web: Web, speech: Speech, wishes: list[str]) -> int:
    """The web server alone, for machines that serve pages only; whoever started us starts it again."""
    from yitong.hosting.api import web_child

    with database(place) as url:
        _prepare(place, web, url, wishes)
        static = place.directory / "static"
        spec = web_child(host=web.host, port=web.port, threads=web.threads, static=static)
        greeting = Greeting(place, web, speech)
        server = subprocess.Popen(list(spec.argv), env={**os.environ, **spec.env})
        with _asked_to_stop(server.terminate):
            while server.poll() is None:
                greeting.look()
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.2)
        greeting.take_back()
        return 0 if server.returncode in {0, -signal.SIGTERM} else 1


def _run_worker(place: Place) -> int:
    """The queue, schedules, reactions and the sequencer, until told to stop."""
    with database(place) as url:
        place.furnish()
        set_up_django(place, url)
        _prepare_once_it_answers(Speech())
        close_connections()
        from yitong.base.jobs.api import run_worker

        stop = threading.Event()
        with _asked_to_stop(stop.set):
            run_worker(stop)
    return 0


def _prepare_once_it_answers(speech: Speech) -> None:
    """A worker comes up with its machine, or after the server's crash: one that still recovers is waited for."""
    from django.db import OperationalError

    from yitong.cli.node import prepare

    for _attempt in range(SERVER_STARTS_S):
        try:
            prepare(speech)
        except OperationalError:
            close_connections()
            threading.Event().wait(1)
        else:
            return
    prepare(speech)


class _asked_to_stop:  # noqa: N801 - used as a with-statement
    """Within the block SIGTERM, Ctrl-C and a closed terminal call `tell` and nothing else."""

    def __init__(self, tell: Callable[[], object]) -> None:
        self._tell = tell

    def __enter__(self) -> None:
        asks = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        self._before = {number: signal.signal(number, self._asked) for number in asks}

    def __exit__(self, *ended: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._tell()
