"""What every command has in common: help, usage, faults, exit codes."""

import json
import subprocess
import sys

import click
import psycopg
import pytest

from yitong.cli import main
from yitong.cli.main import COMMANDS, run
from yitong.kernel.errors import Refusal

BAD_USAGE = [
    ["nonsense"],
    ["run", "database"],
    ["run", "--port", "http"],
    ["run", "--port", "70000"],
    ["demo", "--wrong"],
    ["doctor", "extra"],
    ["login", "extra"],
    ["logout", "extra"],
    ["share"],
    ["grant", "r"],
    ["grant", "r", "--to", "c", "--fields", "f", "--purpose", "p"],
    ["call", "r"],
    ["client", "issue"],
    ["client", "revoke"],
    ["ledger", "prove"],
    ["ledger", "prove", "first"],
    ["ledger", "prove", "0"],
    ["ledger", "burn"],
    ["regions", "find"],
    ["regions", "find", "澜宁", "--limit", "many"],
    ["keys", "show"],
    ["bench", "everything"],
]


def test_help_names_every_command_and_loads_no_django():
    code = (
        "import sys; from yitong.cli.main import run; code = run(['--help']);"
        "loaded = {'django', 'psycopg'} & set(sys.modules); assert not loaded, loaded; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_its_own(name, capsys):
    assert run([name, "--help"]) == 0
    assert f"Usage: yitong {name}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", BAD_USAGE, ids=" ".join)
def test_wrong_usage_is_told_with_the_way_to_help(arguments, capsys):
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("用法不对：")
    assert "--help" in said.err


@pytest.mark.parametrize(
    "arguments", [a for a in BAD_USAGE if a[0] not in {"demo", "run"}], ids=" ".join
)
def test_wrong_usage_with_json_is_one_document(arguments, capsys):
    assert run([*arguments, "--json"]) == 2
    said = capsys.readouterr()
    assert said.err == ""
    fault = json.loads(said.out)["error"]
    assert set(fault) == {"code", "sentence", "basis", "remedy"}
    assert fault["code"] == "usage"


class Clash(Refusal):
    code = "clash"
    kind = "conflict"
    sentence = "冲突。"


@pytest.fixture
def ending(monkeypatch):
    """Make a command that ends as a test wants."""

    def end(how):
        @click.command()
        @click.option("--json", is_flag=True)
        def command(json: bool) -> None:
            raise how

        monkeypatch.setattr(main.LazyCommands, "get_command", lambda *_: command)

    return end


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (Clash(), 5),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.exceptions.Exit(7), 7),
        (psycopg.OperationalError("the server closed the connection"), 1),
        (OSError(28, "No space left on device"), 1),
        (psycopg.errors.DiskFull("could not extend file"), 1),
        (RuntimeError("张三 890102199203150020"), 1),
    ],
    ids=repr,
)
def test_whatever_ends_a_command_has_an_exit_code(how, code, ending):
    ending(how)
    assert run(["any"]) == code


@pytest.mark.parametrize(
    ("how", "name"),
    [
        (psycopg.OperationalError("gone"), "database_lost"),
        (OSError(28, "No space left on device"), "disk_full"),
        (psycopg.errors.DiskFull("could not extend file"), "disk_full"),
    ],
    ids=repr,
)
def test_a_server_that_is_gone_and_a_full_disk_are_said_as_such(how, name, ending, capsys):
    ending(how)
    assert run(["any", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == name


def test_a_fault_of_the_program_shows_where_but_none_of_the_values_it_quotes(ending, capsys):
    ending(RuntimeError("张三 890102199203150020"))
    assert run(["any"]) == 1
    said = capsys.readouterr()
    assert "RuntimeError" in said.err
    assert "YITONG_DEBUG" in said.err
    assert "890102199203150020" not in said.out + said.err
