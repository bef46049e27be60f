"""Many tables of one place, one after another: a folder, a workbook of several sheets, a schema.

One that is refused does not stop the others. What was shared before and has not changed is passed over, so a run
that was cut short is gone on with by running it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from yitong.cli.filing import (
    Examined,
    Filed,
    Wanted,
    examine,
    file_draft,
    hand_on,
    marks_recorded,
    opened,
)
from yitong.cli.node import Node
from yitong.cli.renewal import Again, changed_line, look_again, renew, said_of
from yitong.cli.renewal import as_document as changed_as_document
from yitong.cli.speech import FAILED
from yitong.cli.words import _
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

if TYPE_CHECKING:
    from yitong.data.catalogue.api import Wishes

Outcome = Literal["filed", "looked", "unchanged", "refused", "skipped"]
Wish = Literal["look", "draft", "accept"]
_SHOWN = 20


class Listed(Protocol):
    """One table of a place, as sources list it."""

    @property
    def location(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def refusal(self) -> Refusal | None: ...
    @property
    def skipped(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one table."""

    name: str
    outcome: Outcome
    examined: Examined | None = None
    filed: Filed | None = None
    refusal: Refusal | None = None
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How every table of the place is to be shared."""

    node: Node
    owner: str
    wish: Wish
    by: Actor
    wishes_for: "Callable[[str], Wishes]"


Look: TypeAlias = "Callable[[Run, Any], Told]"


def listed_lines(tables: Sequence[Listed]) -> Iterator[str]:
    """What is there, before anything is done."""
    found = [table.name for table in tables if not table.skipped]
    yield _("{count}张表：").format(count=len(found))
    yield from (f"  {name}" for name in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield _("  还有 {count:,} 张").format(count=len(found) - _SHOWN)


def share_all(run: Run, tables: "Sequence[Listed]", look: "Look | None" = None) -> int:
    """Share each; the exit code says whether all of them could be. `look` examines one otherwise than by its rows."""
    speech, counts = run.node.speech, Counter[str]()
    documents = []
    wanted = [table for table in tables if not table.skipped]
    counts["skipped"] = len(tables) - len(wanted)
    try:
        for number, table in enumerate(wanted, start=1):
            speech.note(f"[{number}/{len(wanted)}] {table.name}")
            told = _share_one(run, table, look or _looked_at)
            counts[told.outcome] += 1
            speech.say(_line(told))
            if speech.as_json:
                documents.append(_document(told, is_demo=run.node.is_demo))
    except KeyboardInterrupt:
        speech.say(_("已停止。再运行一次同样的命令，就从没有做完的表接着做。"))
        raise
    finally:
        speech.say("", *_counted(counts))
    if speech.as_json:
        names = [table.name for table in tables if table.skipped]
        speech.answer({"tables": documents, "counts": _all_counts(counts), "skipped": names})
    return FAILED if counts["refused"] else 0


def _share_one(run: Run, table: Listed, look: Look) -> Told:
    try:
        with marks_recorded(run.by):
            if table.refusal is not None:
                raise table.refusal
        return look(run, table)
    except Refusal as refusal:
        return Told(table.name, "refused", refusal=refusal)


def _looked_at(run: Run, table: Listed) -> Told:
    reader = opened(table.location, by=run.by)
    if run.wish != "look" and is_unchanged(run, table, reader.fingerprint()):
        return Told(table.name, "unchanged")
    wanted = Wanted(table.location, run.owner, table.name, run.wishes_for(table.location))
    speech = run.node.speech
    examined = examine(wanted, speech=speech, by=run.by, reader=reader)
    return settled(run, table.name, examined)


def settled(run: Run, name: str, examined: Examined) -> Told:
    """What is wished, done with a table that was looked at."""
    said = said_of(run.wishes_for(examined.location))
    again = look_again(examined, said, speech=run.node.speech, by=run.by)
    if again is not None:
        return _settled_again(run, name, again)
    if run.wish == "look":
        return Told(name, "looked", examined)
    filed = file_draft(examined, speech=run.node.speech, by=run.by)
    if run.wish == "accept" and filed.resource.state == "draft":
        filed = hand_on(filed, is_demo=run.node.is_demo, by=run.by)
    return Told(name, "filed", examined, filed)


def _settled_again(run: Run, name: str, again: Again) -> Told:
    """A table that is in the catalogue: new rows, a new version, or nothing new."""
    if run.wish == "look" or (
        run.wish == "draft" and again.change.is_none and not again.is_nothing
    ):
        return Told(name, "looked", again.examined, again=again)
    filed = renew(again, speech=run.node.speech, by=run.by)
    if run.wish == "accept" and not again.change.is_none:
        filed = hand_on(filed, is_demo=run.node.is_demo, by=run.by)
    return Told(
        name, "unchanged" if again.is_nothing else "filed", again.examined, filed, again=again
    )


def is_unchanged(run: Run, table: Listed, fingerprint: str) -> bool:
    from yitong.base.identity.api import agency_named
    from yitong.data.sources.api import shared_before

    owner = agency_named(run.owner).code
    return shared_before(location=table.location, owner=owner, fingerprint=fingerprint)


def _line(told: Told) -> str:
    if told.refusal is not None:
        return f"✗ {told.name}  {told.refusal.say(_)}"
    if told.outcome == "unchanged":
        return _("= {name}  没有变化").format(name=told.name)
    if told.filed is not None:
        row, loaded = told.filed.resource, told.filed.loaded
        said = _("✓ {name}  {code} {state}，{rows:,} 行，未载入 {refused:,} 行")
        return said.format(
            name=told.name, code=row.code, state=_(row.state_name),
            rows=loaded.rows, refused=loaded.refused,
        )  # fmt: skip
    if told.again is not None:
        return changed_line(told.name, told.again)
    return _looked_line(told)


def _looked_line(told: Told) -> str:
    from yitong.data.catalogue.api import Resource

    assert told.examined is not None  # noqa: S101 - for the type checker
    profile, proposal = told.examined.profile, told.examined.proposal
    said = _(
        "· {name}  {rows:,} 行，{columns} 列，其中个人信息 {personal} 列，{grade}，{faults:,} 处问题"
    )
    return said.format(
        name=told.name,
        rows=profile.row_count,
        columns=len(profile.columns),
        personal=sum(bool(item.personal) for item in proposal.fields),
        grade=_(Resource.CHOICES["grade"][proposal.grade]),
        faults=sum(profile.fault_counts.values()),
    )


def _counted(counts: Counter[str]) -> Iterable[str]:
    words = {
        "filed": _("已共享 {count} 张"),
        "looked": _("看过 {count} 张"),
        "unchanged": _("没有变化 {count} 张"),
        "refused": _("没有成功 {count} 张"),
        "skipped": _("不是表的文件 {count} 个"),
    }
    said = [words[name].format(count=counts[name]) for name in words if counts[name]]
    return ["，".join(said)] if said else []


def _all_counts(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("filed", "looked", "unchanged", "refused", "skipped")}


def _document(told: Told, *, is_demo: bool) -> dict[str, Any]:
    from yitong.cli.proposal import as_document, filed_as_document

    document: dict[str, Any] = {"name": told.name, "outcome": told.outcome}
    if told.refusal is not None:
        refusal = told.refusal
        remedy = refusal.say_remedy(_) or None
        return document | {
            "error": {"code": refusal.code, "sentence": refusal.say(_), "remedy": remedy}
        }
    if told.examined is not None:
        document |= as_document(told.examined)
    if told.again is not None:
        document["change"] = changed_as_document(told.again)
    if told.filed is not None:
        document["filed"] = filed_as_document(told.filed, is_demo=is_demo)
    return document
