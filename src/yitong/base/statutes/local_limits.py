"""A region's own limit: what it may be, and its row."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from yitong.base.statutes import rules
from yitong.base.statutes.errors import (
    LimitMalformed,
    LimitNotInForce,
    LimitOfRelease,
    LimitsConflict,
    LimitSplit,
    LimitWithoutAct,
)
from yitong.base.statutes.loading import act_for
from yitong.base.statutes.models import Act, Limit
from yitong.base.statutes.places import place_of
from yitong.base.statutes.rules import Register, RegisterRow
from yitong.kernel.codes import parse_region_code
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis, Confidence, LimitKind, TimeLimit, Unit

_MOST: Final = 10_000  # a slip of the pen beyond it
_NATION_FOLLOWS_RELEASES: Final = N_("没有写明区划；全国的时限随版本更新")


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit to be added. `title` and `kind` follow the nation's where the key is known there.

    `act_kind` is given where the act is new to the register (地方性法规, 地方政府规章, 规范性文件 …): it is then
    registered with the limit, in force from `act_from` or the limit's first day.
    """

    key: str
    region: str
    amount: int
    unit: Unit
    act: str
    article: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    title: str = ""
    kind: LimitKind = LimitKind.WITHIN
    extension: int = 0
    act_kind: str = ""
    act_from: dt.date | None = None
    confidence: Confidence = Confidence.MEDIUM
    source: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A limit that may be added, what binds there without it, and its act where the register knows it."""

    limit: TimeLimit
    above: RegisterRow | None
    act: Act | None


def examined(new: NewLimit, register: Register) -> Proposed:
    """What a limit would be; refused where it may not be added. Nothing is written."""
    _check_form(new)
    if (parts := rules.parts_of(register, new.key)) and new.key not in register.rows:
        raise LimitSplit(key=new.key, parts="、".join(parts))
    place = place_of(new.region, new.valid_from)
    above = _above(register, new, place.lineage)
    limit = _time_limit(new, place.code, above)
    if above is not None:
        rules.check_not_laxer(above, limit)
    _check_alone(register, limit)
    return Proposed(limit, above, _known_act(new))


def end(register: Register, *, key: str, region: str, on: dt.date) -> Limit:
    """The row of a region that was in force until a day, ended there."""
    if not region:
        raise LimitMalformed(key=key, why=_NATION_FOLLOWS_RELEASES)
    own = [
        row.limit
        for row in rules.rows_of(register, key)
        if row.limit.region == parse_region_code(region).prefix
    ]
    held = [limit for limit in own if rules.may_end(limit, on)]
    if not held:
        raise LimitNotInForce(key=key, on=on.isoformat(), times=rules.times(own) or "–")
    row = Limit.objects.get(pk=held[0].id or 0)
    if row.from_tree:
        raise LimitOfRelease(key=key, region=row.region)
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    return row


def _check_form(new: NewLimit) -> None:
    why = ""
    if not new.key or new.key != new.key.strip():
        why = N_("没有写明编号")
    elif not new.region:
        why = _NATION_FOLLOWS_RELEASES
    elif not 0 < new.amount <= _MOST:
        why = N_("期限应当大于零，不超过 10000")
    elif not 0 <= new.extension <= _MOST:
        why = N_("延长应当不超过 10000")
    elif new.valid_to is not None and new.valid_to <= new.valid_from:
        why = N_("失效日期应当晚于生效日期")
    elif new.kind is LimitKind.EACH_YEAR_ON:
        why = N_("每年的固定日期由法律规定，地方不另行登记")
    if why:
        raise LimitMalformed(key=new.key, why=why)


def _above(register: Register, new: NewLimit, lineage: tuple[str, ...]) -> RegisterRow | None:
    """What binds the region without its own limit; None where the key is the region's own idea."""
    rows = register.rows.get(new.key, ())
    own = lineage[-1] if lineage else new.region
    others = [row for row in rows if row.limit.region != own and own.startswith(row.limit.region)]
    if not others:
        return None
    alone = Register({new.key: tuple(others)})
    limit = rules.limit_in_force(alone, new.key, lineage=lineage, on=new.valid_from)
    return next(row for row in others if row.limit is limit)


def _time_limit(new: NewLimit, region: str, above: RegisterRow | None) -> TimeLimit:
    pattern = above.limit if above else None
    if pattern and new.kind not in {pattern.kind, LimitKind.WITHIN}:
        raise LimitMalformed(key=new.key, why=N_("期限的种类与上级规定不同"))
    extension = rules.Extension(new.extension, new.unit) if new.extension else None
    if pattern and pattern.extension and extension:
        extension = replace(pattern.extension, amount=new.extension, unit=new.unit)
    return TimeLimit(
        key=new.key,
        kind=pattern.kind if pattern else new.kind,
        amount=new.amount,
        unit=new.unit,
        basis=Basis(new.act, new.article),
        extension=extension,
        on_expiry=pattern.on_expiry if pattern else rules.MISSED,
        outcome=pattern.outcome if pattern else "",
        outcome_from_start=pattern.outcome_from_start if pattern else False,
        confidence=new.confidence,
        source=new.source,
        region=region,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        title=new.title or (pattern.title if pattern else new.key),
    )


def _check_alone(register: Register, limit: TimeLimit) -> None:
    """No two rows of one key and region in force on one day."""
    for row in register.rows.get(limit.key, ()):
        other = row.limit
        if other.region != limit.region or other.valid_from is None or limit.valid_from is None:
            continue
        starts_before_end = limit.valid_to is None or other.valid_from < limit.valid_to
        ends_after_start = other.valid_to is None or limit.valid_from < other.valid_to
        if starts_before_end and ends_after_start:
            raise LimitsConflict(
                key=limit.key,
                region=limit.region,
                times=rules.times([other, limit]),
            )


def store(new: NewLimit, proposed: Proposed) -> Limit:
    """The row; an act that is new to the register is registered with it."""
    limit, above = proposed.limit, proposed.above
    extension = limit.extension
    return Limit.objects.create(
        key=limit.key,
        region=limit.region,
        act=proposed.act or _new_act(new, limit.region),
        article=new.article,
        title=limit.title,
        kind=limit.kind,
        amount=limit.amount,
        unit=limit.unit,
        extension=extension.amount if extension else None,
        approver=extension.approver if extension else "",
        notify=extension.notify if extension else "",
        outcome=limit.outcome,
        outcome_from_start=limit.outcome_from_start,
        nature=above.nature if above else rules.STATUTORY,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        confidence=limit.confidence,
        source=limit.source or new.act,
    )


def _known_act(new: NewLimit) -> Act | None:
    """The act where the register has it; refused where it has not, and nobody says what kind of act it is."""
    title = _title(new)
    known = act_for(title, new.valid_from, Act.objects.filter(title=title))
    if known is None and not (title and new.act_kind):
        raise LimitWithoutAct(key=new.key, act=title or "–")
    return known


def _new_act(new: NewLimit, region: str) -> Act:
    title = _title(new)
    return Act.objects.create(
        title=title,
        kind=new.act_kind,
        region=region,
        in_force_from=new.act_from or new.valid_from,
        source=new.source or title,
        confidence=new.confidence,
    )


def _title(new: NewLimit) -> str:
    return new.act.strip().removeprefix("《").removesuffix("》")
