"""The same table shared again: what it changes is shown, then it becomes new rows or a new version of its entry."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from yitong.cli.filing import Examined, Filed, take_rows, telling
from yitong.cli.speech import Speech, table
from yitong.cli.words import _
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_

if TYPE_CHECKING:
    from yitong.data.catalogue.api import Resource, Wishes, renewal
    from yitong.data.catalogue.api import notices as notices_module

_REASON = N_("新一期数据改变了目录条目")


@dataclass(frozen=True, slots=True)
class Again:
    """A table whose entry is there already, with what it changes and whom that concerns."""

    examined: Examined
    row: "Resource"
    is_in_force: bool
    change: "renewal.EntryChange"
    rows: "renewal.RowChange"
    concerned: "tuple[notices_module.Concerned, ...]"

    @property
    def is_nothing(self) -> bool:
        return self.change.is_none and self.rows.is_none


def said_of(wishes: "Wishes") -> dict[str, str]:
    """What was said in this command about the entry, by its items; the place of the table is no such thing."""
    usual = asdict(type(wishes)())
    return {
        item: said
        for item, said in asdict(wishes).items()
        if said not in {usual[item], wishes.source}
    }


def look_again(
    examined: Examined, said: Mapping[str, str], *, speech: Speech, by: Actor
) -> Again | None:
    """What a table changes in the entry of its name; None where there is none, or one that still waits for rows."""
    from yitong.data.catalogue.api import filing, notices, renewal

    proposed = examined.proposal
    row = renewal.standing(owner=proposed.owner, name=proposed.name)
    if row is None or (row.state == "draft" and not filing.has_rows(row)):
        return None
    content, is_in_force = renewal.content_of(row)
    profile = examined.profile
    empty = {each.name for each in profile.columns if each.null_count >= profile.row_count}
    change = renewal.changed_by(content, proposed, said=said, empty=empty)
    total = profile.row_count
    if examined.reader is None:
        rows = renewal.RowChange(row.row_count, total)
    else:
        with speech.progress(_("逐行比较 {name}").format(name=profile.name)) as tell:
            rows = renewal.compare_rows(
                row, examined.reader, change, total=total, by=by, progress=telling(tell)
            )
    concerned = notices.concerned_by(row, change.content)
    return Again(examined, row, is_in_force, change, rows, tuple(concerned))


def renew(again: Again, *, speech: Speech, by: Actor) -> Filed:
    """Take it in: new rows under the entry as it stands, or a new version with rows that wait for it."""
    from yitong.data.catalogue.api import amend, filing, renewal

    row, change = again.row, again.change
    examined = replace(again.examined, proposal=change.content)
    if again.is_nothing:
        place = filing.Place(examined.location, examined.reader)
        filing.register(place, change.content, row, by=by)
        return Filed(row, filing.Loaded("same", rows=again.rows.after))
    if not change.is_none:
        row = amend(code=row.code, proposal=change.content, reason=_REASON, by=by)
    waits = row.version_in_force not in {None, row.version}
    key = renewal.table_for(row) if waits else row.table_key
    loaded = take_rows(examined, row, speech, by, table_key=key)
    exchanged = renewal.Exchanged(
        loaded.rows or again.rows.after, loaded.refused, loaded.digest, again.rows
    )
    if waits and loaded.how in {"copied", "linked"}:
        row = renewal.prepare(code=row.code, exchanged=exchanged, by=by)
    elif not waits:
        row = renewal.refresh(code=row.code, exchanged=exchanged, by=by)
    return Filed(row, loaded)


def lines(again: Again) -> Iterator[str]:
    """What is new against the entry, before anything is done."""
    row, change = again.row, again.change
    yield _("“{name}”（{code}，第 {version} 版，{state}）已在目录里。").format(
        name=row.name, code=row.code, version=row.version, state=_(row.state_name)
    )
    if again.is_nothing:
        yield _("数据项和各行都没有变化。")
        return
    yield ""
    yield from _row_lines(again.rows)
    if change.is_none:
        yield _("数据项没有变化：换上新数据，目录条目不变，不用重新审核。")
        return
    yield ""
    yield _("条目的变化（成为新的一版，经审核发布以后换上）")
    yield from table(list(_item_lines(change)))
    if again.concerned:
        yield ""
        yield _("正在使用、要先告知的部门（政务数据共享条例第二十七条）")
        yield from table([(f"  {_name(each.agency)}", _losses(each)) for each in again.concerned])


def alike_lines(examined: Examined) -> Iterator[str]:
    """Files of another month often bear the month in their name: then they are not new entries."""
    from yitong.data.catalogue.api import renewal

    for row in renewal.of_same_shape(examined.proposal)[:3]:
        yield ""
        yield _(
            "“{name}”（{code}）的数据项完全一样。如果这是它的新一期，加上 --name {name}"
        ).format(name=row.name, code=row.code)


def changed_line(name: str, again: Again) -> str:
    """All of it in one line, for a list of many tables."""
    change, rows = again.change, again.rows
    said = _("~ {name}  {code}  {before:,} → {after:,} 行，增加 {added} 项，没有了 {gone} 项")
    return said.format(
        name=name, code=again.row.code, before=rows.before, after=rows.after,
        added=len(change.added), gone=len(change.gone),
    )  # fmt: skip


def _row_lines(rows: "renewal.RowChange") -> Iterator[str]:
    if not rows.is_keyed:
        yield _("各行没有可比的主键，只比行数：{before:,} 行 → {after:,} 行").format(
            before=rows.before, after=rows.after
        )
        return
    yield _(
        "各行：{before:,} 行 → {after:,} 行；增加 {added:,}，减少 {gone:,}，有改动 {changed:,}"
    ).format(
        before=rows.before,
        after=rows.after,
        added=rows.added,
        gone=rows.gone,
        changed=rows.changed,
    )
    for name, count in sorted(rows.by_column.items(), key=lambda each: -each[1]):
        yield f"  {name}  {count:,}"


def _item_lines(change: "renewal.EntryChange") -> Iterator[tuple[str, str]]:
    pairs = {each.before: each for each in change.renamed}
    for item in change.added:
        yield f"  + {item.header}", _("增加")
    for item in change.gone:
        pair = pairs.get(item.name)
        said = (
            _("没有了；像是改名为“{after}”（{why}）").format(after=pair.after, why=_(pair.why))
            if pair
            else _("没有了")
        )
        yield f"  - {item.header}", said
    for each in change.retyped:
        yield (
            f"  ~ {each.field}",
            _("类型 {before} → {after}").format(before=each.before, after=each.after),
        )
    for each in change.otherwise:
        what = f"{each.field} {_(each.label)}" if each.field else _(each.label)
        yield f"  ~ {what}", f"{_text(each.before)} → {_text(each.after)}"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(str(each) for each in value) or "–"
    return "–" if value in {None, ""} else str(value)


def _name(code: str) -> str:
    from yitong.base.identity.api import agency

    return str(agency(code).name)


def _losses(concerned: "notices_module.Concerned") -> str:
    return "；".join(
        f"{each.header or each.field} {_(each.words)}".strip() for each in concerned.losses
    )


def as_document(again: Again) -> dict[str, Any]:
    """The change for a script; no value of any row stands in it."""
    change, rows = again.change, again.rows
    return {
        "resource": again.row.code,
        "version": again.row.version,
        "state": again.row.state,
        "kind": "none" if again.is_nothing else "rows" if change.is_none else "version",
        "fields": {
            "added": [item.name for item in change.added],
            "gone": [item.name for item in change.gone],
            "renamed": [
                {"from": each.before, "to": each.after, "why": each.why} for each in change.renamed
            ],
            "retyped": [
                {"field": each.field, "before": each.before, "after": each.after}
                for each in change.retyped
            ],
            "otherwise": [
                {
                    "field": each.field or None,
                    "item": each.item,
                    "before": each.before,
                    "after": each.after,
                }
                for each in change.otherwise
            ],
        },
        "rows": {
            "before": rows.before,
            "after": rows.after,
            "by_key": rows.is_keyed,
            "added": rows.added,
            "gone": rows.gone,
            "changed": rows.changed,
            "by_field": dict(rows.by_column),
        },
        "consumers": [
            {
                "agency": each.agency,
                "grants": list(each.grants),
                "losses": [{"field": x.field or None, "kind": x.kind} for x in each.losses],
            }
            for each in again.concerned
        ],
    }
