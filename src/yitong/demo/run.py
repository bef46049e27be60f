"""`yitong demo`: a node of its own with the made-up city, the story, and then open doors until Ctrl-C."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from types import FrameType

import click

from yitong.demo.child import Machine, free_port, running, sign_on_service
from yitong.demo.steps import Report, Step
from yitong.demo.story import Story
from yitong.demo.words import _
from yitong.hosting.api import data_dir_default, open_cluster
from yitong.kernel import clock
from yitong.kernel.errors import N_


def main(*, once: bool, report: Path | None, data: Path | None, host: str, port: int) -> int:
    """0 if every step came out as it must. With `once` the node ends with the story."""
    told = Report()
    try:
        with ExitStack() as stack:
            signal.signal(signal.SIGTERM, _as_ctrl_c)
            directory = stack.enter_context(_directory(data, once=once))
            _settings(directory)
            machine = Machine(directory, host, free_port(host, port) if once else port)
            _tell(machine, told, stack, once=once)
    except KeyboardInterrupt:
        click.echo()
    except Exception as fault:  # noqa: BLE001 - the step that failed has said so; the report says it to programs
        click.echo(f"{type(fault).__name__}: {fault}", err=True)
        told.fail(fault)
    if report is not None:
        told.write(report)
    return 0 if told.ok else 1


def _as_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    """Asked to stop in any way, the demo stops its node first."""
    raise KeyboardInterrupt


def _tell(machine: Machine, told: Report, stack: ExitStack, *, once: bool) -> None:
    click.echo(
        _("演示：虚构的澜宁市。人物、机构和数据都是合成的。数据目录 {path}").format(
            path=machine.data
        )
    )
    with told.step("province", N_("启动省统一身份认证（模拟，另一个小服务）")) as step:
        province = stack.enter_context(sign_on_service(machine))
        step.detail = province
    with told.step("start", N_("启动节点（数据库、网页、后台任务）")) as step:
        child = stack.enter_context(running(machine))
        step.detail = machine.address
    with told.step("furnish", N_("布置澜宁市")) as step:
        click.echo()
        mark = f"{clock.local(clock.now()):%m-%d %H:%M:%S}"
        passwords = _furnish(machine, step, mark)
    Story(machine, told, mark, passwords).tell()
    click.echo(_("故事讲完了：{count}步都成了。").format(count=len(told.steps)))
    if not once:
        _stay_open(machine, passwords, child)


def _furnish(machine: Machine, step: Step, mark: str) -> dict[str, str]:
    """In this process, on the running node's database, through the actions."""
    with open_cluster(machine.data) as cluster:
        os.environ["DATABASE_URL"] = cluster.url
        import django

        django.setup()
        from django.db import connections

        from yitong.demo import furnishing, past

        def say(words: str) -> None:
            click.echo(f"    {words}")

        try:
            furnishing.load_nation(say)
            agencies = furnishing.register_agencies(say)
            furnishing.staff_posts()
            furnishing.register_citizens()
            # First what already is late: the node's timer finds it while the rest is furnished and told.
            entries = furnishing.publish_entries(say, past.WANTED)
            past.unanswered_request(mark, say)
            entries += furnishing.publish_entries(say)
            passwords = furnishing.fresh_passwords()
        finally:
            connections.close_all()
        step.detail = _("{agencies}个机构，{entries}条目录").format(
            agencies=agencies, entries=entries
        )
        return passwords


def _stay_open(machine: Machine, passwords: dict[str, str], child: Popen[bytes]) -> None:

    click.echo()
    click.echo(_("打开 {address}/").format(address=machine.address))
    click.echo(_("演示用的登录（每次启动重新生成，哪里都不保存）："))
    for name, password in passwords.items():
        click.echo(f"    {name:<24}{password}")
    click.echo(_("按 Ctrl-C 停止。"))
    child.wait()


@contextmanager
def _directory(data: Path | None, *, once: bool) -> Iterator[Path]:
    """The given directory, this user's demo, or for one telling a fresh one that goes with it."""
    if data is not None or not once:
        yield (data or data_dir_default("demo")).absolute()
        return
    # Not below /root or a private /tmp: the database's own user has to enter it.
    made = Path(tempfile.mkdtemp(prefix="yitong-demo-", dir="/var/tmp"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _settings(directory: Path) -> None:
    """What Django's settings and the child processes read."""
    os.environ |= {
        "YITONG_DATA": str(directory),
        "YITONG_PROFILE": "demo",
        "DJANGO_SETTINGS_MODULE": "yitong.config.settings",
    }
    os.environ.pop("DATABASE_URL", None)  # the demo has a server of its own
