"""From a table to a catalogue entry with its rows: looked at, proposed, drafted, copied in or linked, handed on.

Only calls doors of the apps. The draft comes before the rows: a copy that is cut short leaves a draft without rows,
and sharing the same table again goes on with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from yitong.cli.speech import Speech, Tell
from yitong.cli.words import _
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal

if TYPE_CHECKING:
    from yitong.base.identity.api import Agency
    from yitong.data.catalogue import api as catalogue
    from yitong.data.catalogue.api import Proposal, Resource, Wishes
    from yitong.data.sources.api import Reader, TableProfile

_DEMO_CONCLUSION = N_("演示：合成数据，没有真实个人信息，结论只用于演示")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shared: where the table is, whose it is, and what is known beyond it."""

    location: str
    owner: str
    name: str
    wishes: "Wishes"


@dataclass(frozen=True, slots=True)
class Examined:
    """A table with what was found in it and the entry it could become."""

    location: str
    reader: "Reader | None"  # None: described in a data dictionary, without rows
    profile: "TableProfile"
    proposal: "Proposal"


@dataclass(frozen=True, slots=True)
class Signature:
    """One step that was signed, and by whom."""

    step: str
    title: str
    account: str
    post: str


@dataclass(frozen=True, slots=True)
class Filed:
    """The entry as it stands now; `wanting` says who has to act next."""

    resource: "Resource"
    loaded: "catalogue.filing.Loaded"
    signatures: tuple[Signature, ...] = field(default=())
    wanting: str = ""


def opened(location: str, *, by: Actor) -> "Reader":
    """The table's reader. A mark of secrecy is refused and recorded without its content (共享条例 3)."""
    from yitong.data.sources.api import open_table

    with marks_recorded(by):
        return open_table(location)


@contextmanager
def marks_recorded(by: Actor) -> Iterator[None]:
    from yitong.base.files.api import MarkedSecret, record_refusal

    try:
        yield
    except MarkedSecret as refusal:
        record_refusal(refusal=refusal, by=by)
        raise


def examine(
    wanted: Wanted, *, speech: Speech, by: Actor, reader: "Reader | None" = None
) -> Examined:
    """Look at the table once; `reader` if it is open already."""
    from yitong.data.catalogue.api import filing
    from yitong.data.sources.api import profile

    if reader is None:
        reader = opened(wanted.location, by=by)
    with (
        marks_recorded(by),
        speech.progress(_("读取 {name}").format(name=reader.name)) as tell,
    ):
        found = profile(reader, progress=telling(tell))
    taught = filing.proposed(found, owner=wanted.owner, name=wanted.name, wishes=wanted.wishes)
    return Examined(wanted.location, reader, found, taught.entry)


def file_draft(examined: Examined, *, speech: Speech, by: Actor) -> Filed:
    """Write the draft and take the rows in (a file) or link them (a database's table)."""
    from yitong.data.catalogue.api import filing

    row = filing.drafted(examined.proposal, by=by)
    return Filed(row, take_rows(examined, row, speech, by))


def take_rows(
    examined: Examined, row: "Resource", speech: Speech, by: Actor, *, table_key: str = ""
) -> "catalogue.filing.Loaded":
    """Copy the rows in or link them; `table_key` is where, if not where the entry's rows are read now."""
    from yitong.data.catalogue.api import filing

    proposal, reader = examined.proposal, examined.reader
    place = filing.Place(examined.location, reader, table_key)
    if reader is None or "://" in examined.location or not proposal.key_field:
        return filing.take_rows(place, proposal, row, by=by)
    with speech.progress(_("载入 {name}").format(name=reader.name)) as tell:
        return filing.take_rows(place, proposal, row, by=by, progress=telling(tell))


def hand_on(filed: Filed, *, is_demo: bool, by: Actor) -> Filed:
    """Accept the draft: to the head of the department (13). In a demo, demo posts sign what follows."""
    from yitong.data.catalogue.api import procedure, resource

    row = procedure.submit(code=filed.resource.code, by=by)
    signatures = [Signature("submit", _("报送"), by.account, by.post)]
    wanting = _("提供部门负责人审核（第十三条），再由数据主管部门审核发布（第十六条）")
    if is_demo:
        signatures += _sign(row)
        row = resource(row.code, viewer=by)
        wanting = _next_signer(row)
    if held := _held(row):
        wanting = held
    return Filed(row, filed.loaded, tuple(signatures), wanting)


def _held(row: "Resource") -> str:
    """What stands in the way of approval: users of the data who were told of a change and may still answer."""
    from yitong.data.catalogue.api import notices

    if row.state != "approval":
        return ""
    try:
        notices.check_told(row)
    except Refusal as refusal:
        return refusal.say(_)
    return ""


def _next_signer(row: "Resource") -> str:
    return {
        "approval": _("没有任职的演示岗位：提供部门负责人（第十三条）"),
        "review": _("没有任职的演示岗位：数据主管部门审核人员（第十六条）"),
    }.get(row.state, "")


def _sign(row: "Resource") -> Iterator[Signature]:
    """Both assessments, approval (13) and review (16), each by the demo post whose matter it is."""
    from yitong.data.catalogue.api import procedure

    assessor = holder(row.owner, "secrecy")
    head = holder(row.owner, "dept_head")
    if assessor is None or head is None:
        return
    _assess(row, assessor)
    yield _signed("assess", _("评估"), assessor)
    if _held(row):
        return
    procedure.approve(code=row.code, by=head)
    yield _signed("approve", _("部门负责人审核"), head)
    reviewer = _reviewer(row.owner)
    if reviewer is not None:
        procedure.publish(code=row.code, by=reviewer)
        yield _signed("publish", _("主管部门审核并发布"), reviewer)


def _assess(row: "Resource", by: Actor) -> None:
    from yitong.data.catalogue.api import procedure

    concerned = row.fields.exclude(personal="").exists()
    outcomes = {"secrecy": "passed", "personal": "passed" if concerned else "not_concerned"}
    for kind, outcome in outcomes.items():
        finding = procedure.Finding(kind, outcome, _DEMO_CONCLUSION)
        procedure.record_assessment(code=row.code, finding=finding, by=by)


def _signed(step: str, title: str, by: Actor) -> Signature:
    return Signature(step, title, by.account, by.post)


def holder(agency: "Agency", role: str) -> Actor | None:
    """Who holds a post of this role in the agency now."""
    from yitong.base.identity.api import actor_for

    for post in agency.posts.filter(role=role).order_by("pk"):
        held = post.holdings.filter(held_until__isnull=True).select_related("account").first()
        if held is not None:
            return actor_for(held.account, post.key)
    return None


def _reviewer(owner: "Agency") -> Actor | None:
    from yitong.base.identity.api import agencies

    authority = agencies(region=owner.region).filter(region=owner.region, is_data_authority=True)
    return holder(found, "data_reviewer") if (found := authority.first()) else None


class Progress(Protocol):
    """How far sources have read."""

    @property
    def rows(self) -> int: ...
    @property
    def bytes_done(self) -> int: ...
    @property
    def bytes_total(self) -> int | None: ...


def telling(tell: Tell) -> Callable[[Progress], None]:
    """Sources tell bytes where they know them, else rows."""

    def told(progress: Progress) -> None:
        if progress.bytes_total:
            tell(progress.bytes_done, progress.bytes_total)
        else:
            tell(progress.rows, None)

    return told
