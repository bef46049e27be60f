"""Doors by which an agency's system writes entries: proposed from a small file or a description, amended, handed in.

What follows (assessment, approval, review) is people's.
"""

from pathlib import PurePath
from tempfile import TemporaryDirectory
from typing import cast

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import File, Form, Router
from ninja.files import UploadedFile

from yitong.base.files.api import MarkedSecret, record_refusal
from yitong.base.identity.api import agency
from yitong.data.catalogue import api as catalogue
from yitong.data.catalogue.api import Proposal, Resource, Wishes
from yitong.data.sources.api import TableProfile, open_table, profile
from yitong.kernel.actor import Actor
from yitong.kernel.hashing import sha256
from yitong.portals.node.programs.callers import Scope, with_scope
from yitong.portals.node.programs.columns import SaidTable, said_columns
from yitong.portals.node.programs.describing import Described
from yitong.portals.node.programs.drafting import (
    AskedAmendment,
    AskedDraft,
    AskedSubmission,
    Draft,
    DraftField,
    FileWishes,
    RowFaultLine,
    VersionMoved,
)
from yitong.portals.node.programs.problems import BodyTooLarge
from yitong.portals.node.programs.repeats import once_only

router = Router(tags=["drafts"])
LARGEST_FILE = 5 * 1024 * 1024
FAULTS_SHOWN = 100


@router.post(
    "drafts",
    response={201: Draft},
    operation_id="makeDraft",
    summary="A draft from a description of a table",
    description="The entry is proposed as for a file, without rows. The owner is the caller's agency. Clients with the "
    "scope `catalogue`, and the agency's sharing staff.",
)
def make_draft(request: HttpRequest, given: AskedDraft) -> HttpResponse:
    by = with_scope(request, Scope.CATALOGUE)
    table = SaidTable(given.name, said_columns(given.columns))

    def effect() -> Draft:
        return _drafted(cast("TableProfile", table), given.name, given.wishes(), by)

    return once_only(request, by, effect)


@router.post(
    "drafts/file",
    response={201: Draft},
    operation_id="makeDraftFromFile",
    summary="A draft from a small file",
    description="CSV, Excel, JSON Lines or Parquet up to 5 MiB. It is read, proposed from and forgotten: its rows are not loaded "
    "here (`yitong share` does that). Clients with the scope `catalogue`, and the agency's sharing staff.",
)
def make_draft_from_file(
    request: HttpRequest, file: File[UploadedFile], given: Form[FileWishes]
) -> HttpResponse:
    by = with_scope(request, Scope.CATALOGUE)
    if (file.size or 0) > LARGEST_FILE:
        raise BodyTooLarge(most="5 MiB")
    content = file.read()
    said = orjson.dumps([file.name, sha256(content).hex(), given.model_dump()])

    def effect() -> Draft:
        found = _looked_at(content, file.name or "", by)
        wishes = Wishes(abstract=given.abstract, duty=given.duty, source=_plain_name(file.name))
        return _drafted(found, given.name or found.name, wishes, by)

    return once_only(request, by, effect, said=said)


@router.post(
    "drafts/{path:code}/amendments",
    response={201: Draft},
    operation_id="amendDraft",
    summary="Change a draft, or begin or go on with a revision",
    description="What is in force stays until the new version is published. Clients with the scope `catalogue`, and the "
    "agency's sharing staff.",
)
def amend_draft(request: HttpRequest, code: str, given: AskedAmendment) -> HttpResponse:
    by = with_scope(request, Scope.CATALOGUE)

    def effect() -> Draft:
        present = _present(code, given.version, by)
        row = catalogue.editing.correct_entry(
            code=code, edit=given.edit(present), version=given.version, reason=given.reason, by=by
        )
        return _draft(row, by)

    return once_only(request, by, effect)


@router.post(
    "drafts/{path:code}/submission",
    response={201: Draft},
    operation_id="submitDraft",
    summary="Hand a draft to the head of the department",
    description="All nine entries of art. 13 must be there. What follows is decided by people. Clients with the scope "
    "`catalogue`, and the agency's sharing staff.",
)
def submit_draft(request: HttpRequest, code: str, given: AskedSubmission) -> HttpResponse:
    by = with_scope(request, Scope.CATALOGUE)

    def effect() -> Draft:
        _present(code, given.version, by)
        return _draft(catalogue.procedure.submit(code=code, by=by), by)

    return once_only(request, by, effect)


def _plain_name(name: str | None) -> str:
    """The file's own name, without any folder that the caller put before it."""
    return PurePath((name or "").replace("\\", "/")).name or "table.csv"


def _looked_at(content: bytes, name: str, by: Actor) -> TableProfile:
    """Profiled from a file that is gone afterwards. A mark of secrecy is refused and recorded (共享条例 3)."""
    with TemporaryDirectory(prefix="yitong-draft-") as folder:
        path = f"{folder}/{_plain_name(name)}"
        with open(path, "wb") as kept:  # noqa: PTH123 - the name may hold anything but a stroke
            kept.write(content)
        try:
            return profile(open_table(path))
        except MarkedSecret as refusal:
            record_refusal(refusal=refusal, by=by)
            raise


def _drafted(table: TableProfile, name: str, wishes: Wishes, by: Actor) -> Draft:
    owner = agency(by.agency).name
    proposal = catalogue.filing.proposed(table, owner=owner, name=name, wishes=wishes).entry
    row = catalogue.draft(proposal=proposal, by=by)
    faults = getattr(table, "faults", ())[:FAULTS_SHOWN]
    return _draft(row, by, proposal.reasons).model_copy(
        update={
            "faults": [
                RowFaultLine(line=f.line, column=f.column, code=f.code, sentence=f.sentence)
                for f in faults
            ]
        }
    )


def _draft(row: Resource, by: Actor, reasons: tuple[str, ...] = ()) -> Draft:
    view = catalogue.entry(row.code, viewer=by)
    present = view.versions[0].entry
    return Draft(
        resource=row.code,
        name=present.name,
        owner=row.owner.name,
        state=row.state,
        version=row.version,
        missing=[gettext(each) for each in view.missing],
        fields=[
            DraftField(
                name=f.name,
                header=f.header,
                type=f.type_letter,
                element=f.element,
                personal=f.personal,
                grade=f.grade,
                mask=f.mask,
                is_key=f.is_key,
                reasons=[gettext(reason) for reason in f.reasons],
            )
            for f in present.fields
        ],
        reasons=[gettext(each) for each in reasons],
        faults=[],
    )


def _present(code: str, version: int, by: Actor) -> Proposal:
    """The entry's present version, as the caller has read it."""
    view = catalogue.entry(code, viewer=by)
    row = view.resource
    if row.version != version:
        raise VersionMoved(name=row.name, version=row.version)
    return next(each for each in view.versions if each.number == version).entry


_ITEM = {
    "name": "sfzh",
    "header": "身份证号",
    "type": "C",
    "element": "DE01001",
    "personal": "identity",
    "grade": "general_3",
    "mask": "id",
    "is_key": True,
    "reasons": ["对上数据元“公民身份号码”：列名就是它的同义词“身份证号”"],
}
_DRAFT = {
    "resource": "307001/000002",
    "name": "临时救助对象",
    "owner": "澜宁市民政局",
    "state": "draft",
    "version": 1,
    "missing": [],
    "fields": [_ITEM],
    "reasons": ["主键是“身份证号”：没有空值，没有重复"],
    "faults": [],
}
_CODE = {"code": "307001/000002"}
_TAKEN = ("catalogue.name_taken", "澜宁市民政局已有同名目录“临时救助对象”（307001/000002）。")
_MOVED = ("api.version_moved", "“临时救助对象”现在是第2版，不是您读到的那一版。")
_SECRET = ("marked_secret", "文件名带有「机密」标志，没有接收，也没有留存。")
_GONE = ("catalogue.resource_unknown", "没有找到数据目录“307001/000009”。")
DESCRIBED = {
    "makeDraft": Described(
        _DRAFT,
        body={
            "name": "临时救助对象",
            "columns": [{"header": "身份证号", "name": "sfzh", "is_key": True}],
        },
        who=Scope.CATALOGUE.value,
        status=201,
        changes=True,
        said={409: _TAKEN},
    ),
    "makeDraftFromFile": Described(
        _DRAFT,
        body={"name": "临时救助对象", "file": "身份证号,姓名\n890102199203150020,林甲子\n"},
        problems=(413,),
        who=Scope.CATALOGUE.value,
        status=201,
        changes=True,
        said={403: _SECRET, 409: _TAKEN},
    ),
    "amendDraft": Described(
        _DRAFT | {"version": 2},
        _CODE,
        {"version": 1, "reason": "核实更新频率", "update_cycle": "monthly"},
        problems=(404,),
        who=Scope.CATALOGUE.value,
        status=201,
        changes=True,
        said={404: _GONE, 409: _MOVED},
    ),
    "submitDraft": Described(
        _DRAFT | {"state": "approval"},
        _CODE,
        {"version": 1},
        problems=(404,),
        who=Scope.CATALOGUE.value,
        status=201,
        changes=True,
        said={404: _GONE, 409: _MOVED},
    ),
}
