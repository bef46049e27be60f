"""Results on stdout, the rest on stderr, and codes that scripts rely on."""

import json

import pytest

from yitong.cli.errors import ConfirmationNeeded
from yitong.cli.speech import EXIT_CODES, Speech, coloured, table, width
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis


class Nothing(Refusal):
    code = "nothing"
    kind = "not_found"
    sentence = "没有{what}。"
    basis = Basis("政务数据共享条例", "13")
    remedy = "换一个{what}。"


def test_every_kind_of_refusal_has_its_exit_code():
    assert EXIT_CODES == {
        "invalid": 1,
        "unavailable": 1,
        "not_found": 3,
        "refused": 4,
        "conflict": 5,
    }


def test_a_refusal_is_said_with_its_basis_and_its_remedy(capsys):
    assert Speech().refuse(Nothing(what="目录")) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "没有目录。",
        "依据：《政务数据共享条例》第十三条",
        "怎么办：换一个目录。",
    ]


def test_with_json_a_refusal_is_one_document_on_stdout(capsys):
    assert Speech(as_json=True).refuse(Nothing(what="目录")) == 3
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out) == {
        "error": {
            "code": "nothing",
            "sentence": "没有目录。",
            "basis": "《政务数据共享条例》第十三条",
            "remedy": "换一个目录。",
        }
    }


def test_with_json_nothing_but_the_answer_is_printed(capsys):
    speech = Speech(as_json=True)
    speech.say("一行")
    with speech.progress("读取") as tell:
        tell(1, 2)
    speech.answer({"条数": 2}, ["两条"])
    said = capsys.readouterr()
    assert json.loads(said.out) == {"条数": 2}
    assert said.err == ""


def test_progress_is_silent_where_stderr_is_no_terminal(capsys):
    with Speech().progress("读取") as tell:
        tell(1, 2)
    Speech().note("一步")
    assert capsys.readouterr().err == ""


def test_progress_is_redrawn_on_a_terminal_and_cleared(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Speech().progress("读取") as tell:
        tell(1, 4)
        tell(2, 4)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("\r读取 25%")
    assert "50%" not in said.err, "at most ten times a second"
    assert said.err.endswith("\x1b[K")


def test_without_a_terminal_a_question_fails_at_once_and_yes_skips_it():
    with pytest.raises(ConfirmationNeeded):
        Speech().confirm("删除吗？", yes=False)
    Speech().confirm("删除吗？", yes=True)


def test_columns_of_a_table_stand_below_each_other_in_chinese_too():
    lines = list(table([("姓名", "C", "掩码"), ("a", "C18", "id")], ("数据项", "类型", "遮盖")))
    assert [width(line.rpartition("  ")[0].rstrip()) <= 12 for line in lines]
    assert lines == ["数据项  类型  遮盖", "姓名    C     掩码", "a       C18   id"]
    assert list(table([])) == []


def test_colours_only_on_a_terminal_and_never_with_no_color(monkeypatch):
    assert coloured("ok", "ok") == "ok"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured("ok", "ok") == "\x1b[32mok\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured("ok", "ok") == "ok"


class Pipe:
    """A stdout that nobody reads any more."""

    def __init__(self, null) -> None:
        self._null = null

    def write(self, text: str) -> None:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError

    def fileno(self) -> int:
        return self._null.fileno()

    encoding = "utf-8"


def test_a_reader_that_went_away_stops_nothing(monkeypatch, tmp_path):
    with (tmp_path / "out").open("w") as null:
        monkeypatch.setattr("sys.stdout", Pipe(null))
        Speech().say("一行", "又一行")
        Speech(as_json=True).answer({"a": 1})
