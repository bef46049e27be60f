"""`yitong`: finds the command, and turns whatever ends it into a sentence and an exit code.

0 done, 1 failure, 2 wrong usage, 3 not found, 4 refused, 5 conflict, 130 interrupted.
"""

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

import yitong as yitong_package
from yitong.cli.errors import DatabaseLost, DiskFull, ProgramFault
from yitong.cli.speech import FAILED, INTERRUPTED, Speech
from yitong.cli.words import _
from yitong.kernel.errors import Refusal

_DISK_FULL_SQLSTATE = "53100"
# In the order in which somebody meets them. Each module is imported when its command is asked for.
COMMANDS: Mapping[str, str] = {
    "run": "run:run",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "login": "login:login",
    "logout": "login:logout",
    "share": "share:share",
    "catalogue": "catalogue:catalogue",
    "grant": "grant:grant",
    "call": "call:call",
    "predicate": "predicate:predicate",
    "claims": "claims:claims",
    "client": "client:client",
    "accounts": "accounts:accounts",
    "duties": "duties:duties",
    "ledger": "ledger:ledger",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "messages": "messages:messages",
    "regions": "regions:regions",
    "due": "due:due",
    "statutes": "statutes:statutes",
    "calendar": "statutes:calendar",
    "keys": "keys:keys",
    "bench": "bench:bench",
}


class LazyCommands(click.Group):
    """A group that imports a command only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(f"yitong.cli.commands.{module}"), name)
        assert isinstance(found, click.Command)  # noqa: S101 - for the type checker
        return found


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("一同：政务数据共享、办事与城市运行的节点。每个命令都有 --help。"),
    epilog=_("退出码：0 完成，1 失败，2 用法不对，3 没有找到，4 不允许，5 冲突。"),
)
@click.version_option(package_name="yitong", prog_name="yitong")
def yitong() -> None:
    """The root of all commands."""


def main() -> None:
    """The program."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    code = run(sys.argv[1:])
    _leave(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Whatever goes wrong has been said."""
    speech = Speech(as_json="--json" in arguments and arguments[0] != "demo")
    try:
        with yitong.make_context("yitong", list(arguments)) as context:
            return int(yitong.invoke(context) or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as wrong:
        return _usage(speech, wrong)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last door: nobody is shown a stack of frames
        return _fault(speech, error)


def _usage(speech: Speech, wrong: click.UsageError) -> int:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        speech.say(wrong.ctx.get_help())
        return 0
    command = wrong.ctx.command_path if wrong.ctx else "yitong"
    return speech.usage(
        _what_is_wrong(wrong), _("用法见 {command} --help。").format(command=command)
    )


def _what_is_wrong(wrong: click.UsageError) -> str:
    """The commonest mistakes in our words; click knows only English."""
    if isinstance(wrong, click.NoSuchOption):
        return _("没有选项 {name}").format(name=wrong.option_name)
    if isinstance(wrong, click.NoSuchCommand):
        return _("没有命令 {name}").format(name=wrong.command_name)
    if isinstance(wrong, click.MissingParameter) and wrong.param is not None and wrong.ctx:
        return _("缺少 {name}").format(name=wrong.param.get_error_hint(wrong.ctx))
    if isinstance(wrong, click.BadParameter) and wrong.param is not None and wrong.ctx:
        hint = wrong.param.get_error_hint(wrong.ctx)
        return _("{name} 的值不合适：{why}").format(name=hint, why=wrong.message)
    return wrong.format_message()


def _fault(speech: Speech, error: Exception) -> int:
    if isinstance(error, Refusal):
        return speech.refuse(error)
    if os.environ.get("YITONG_DEBUG"):
        traceback.print_exc()
    if _is_disk_full(error):
        return speech.refuse(DiskFull())
    if _is_lost_database(error):
        return speech.refuse(DatabaseLost())
    speech.refuse(ProgramFault(kind=type(error).__name__, place=_place_of(error)))
    return FAILED


def _place_of(error: Exception) -> str:
    """The last line of ours that it came through: for whoever mends it."""
    home = Path(yitong_package.__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if Path(frame.filename).is_relative_to(home):
            return f"{Path(frame.filename).relative_to(home)}:{frame.lineno}"
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return True
        if getattr(error, "sqlstate", None) == _DISK_FULL_SQLSTATE:
            return True
        error = error.__cause__
    return False


def _is_lost_database(error: Exception) -> bool:
    """Asked only of drivers that were loaded: `yitong --help` must not load one."""
    kinds = ("OperationalError", "InterfaceError")
    drivers = (sys.modules.get(name) for name in ("django.db.utils", "psycopg"))
    known = tuple(getattr(driver, kind) for driver in drivers if driver for kind in kinds)
    return isinstance(error, known)


def _leave(code: int) -> None:
    """End without a complaint about a pipe that nobody reads any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
