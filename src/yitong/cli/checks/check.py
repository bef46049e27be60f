"""One check's finding."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from yitong.cli.words import _
from yitong.kernel.errors import Refusal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is for scripts and stays as it is; `detail` and `fix` are for people."""

    name: str
    state: State
    detail: str
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def ok(name: str, detail: str) -> Check:
    return Check(name, "ok", detail)


def warn(name: str, detail: str, fix: str) -> Check:
    return Check(name, "warn", detail, fix)


def fail(name: str, detail: str, fix: str) -> Check:
    return Check(name, "fail", detail, fix)


def guarded(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """A check that cannot be made has failed; the others go on."""
    try:
        yield from look()
    except Refusal as refusal:
        yield fail(name, refusal.say(_), refusal.say_remedy(_))
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator is told which check it hit
        fix = _("先处理上面的问题再运行一次；仍然如此时设置 YITONG_DEBUG=1 查看详情。")
        yield fail(name, _("无法检查（{kind}）").format(kind=type(error).__name__), fix)
