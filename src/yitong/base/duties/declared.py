"""The kinds of duties that the apps declare, as `config` handed them over."""

from collections.abc import Iterable, Mapping

from yitong.base.duties.errors import UnknownKind
from yitong.kernel.declare import DutyKind
from yitong.kernel.errors import N_

GONE = N_("已停用的功能留下的责任")
_kinds: dict[str, DutyKind] = {}


def install(kinds: Iterable[DutyKind]) -> None:
    """Take the list; a name given twice, or a kind without a limit or an outcome, stops the start."""
    _kinds.clear()
    for kind in kinds:
        if kind.name in _kinds or not kind.limits or not kind.outcomes:
            raise ValueError(f"kind of duty {kind.name} is twice, or has no limit or outcome")
        _kinds[kind.name] = kind


def kind_named(name: str) -> DutyKind:
    found = _kinds.get(name)
    if found is None:
        raise UnknownKind(name=name)
    return found


def kinds() -> Mapping[str, DutyKind]:
    return _kinds


def kind_or_plain(name: str) -> DutyKind:
    """The kind; of an app that was removed since, one whose clock still runs."""
    return _kinds.get(name) or DutyKind(name, GONE, GONE, (name,), "", GONE, {"done": GONE})
