"""What a draft is made from and amended by, what is answered, and what is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ninja import Schema
from pydantic import Field, field_validator

from yitong.data.catalogue.api import Proposal, Resource, Wishes, corrections
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.masking import MASKS
from yitong.portals.node.programs.bodies import PLAIN, WRITTEN, Body, Text
from yitong.portals.node.programs.columns import MOST_COLUMNS, AskedColumn

LISTED = ("category", "update_cycle", "share_type", "basis_level")


class VersionMoved(Refusal):
    """What is amended or handed in is what was read."""

    code = "api.version_moved"
    kind = "conflict"
    sentence = N_("“{name}”现在是第{version}版，不是您读到的那一版。")
    remedy = N_("重新读这条目录，看过新的一版再提交。")


def _listed(item: str, value: str | None) -> str | None:
    """A value of a closed list, or nothing said."""
    if value and value not in Resource.CHOICES[item]:
        raise ValueError("、".join(Resource.CHOICES[item]))
    return value


def _choices(item: str, *more: str) -> dict[str, Any]:
    return {"enum": [*more, *Resource.CHOICES[item]]}


class AskedWishes(Body):
    """What a description does not say by itself; everything may be left open."""

    abstract: str = Field("", max_length=256)
    duty: str = Field("", max_length=200, description="来自职责")
    category: str = Field("307", json_schema_extra=_choices("category"), description="信息资源分类")
    update_cycle: str = Field("", json_schema_extra=_choices("update_cycle", ""))
    share_type: str = Field("", json_schema_extra=_choices("share_type", ""))
    share_scope: Text = ""
    use_purposes: Text = ""
    basis_level: str = Field("", json_schema_extra=_choices("basis_level", ""))
    basis_citation: str = Field("", max_length=300, description="which article lets it be withheld")
    withhold_reason: Text = ""

    @field_validator(*LISTED)
    @classmethod
    def is_listed(cls, value: str, info: Any) -> str:  # noqa: ANN401 - pydantic's own
        return _listed(info.field_name, value) or ""

    def wishes(self, source: str = "") -> Wishes:
        said: Mapping[str, str] = self.model_dump(exclude={"name", "columns"})
        return Wishes(**said, source=source)


class AskedDraft(AskedWishes):
    """A table as a caller describes it, without rows."""

    name: str = Field(min_length=1, max_length=50, pattern=WRITTEN, description="数据目录名称")
    columns: list[AskedColumn] = Field(min_length=1, max_length=MOST_COLUMNS)


class DraftField(Schema):
    """What is proposed for a data item, and why."""

    name: str
    header: str
    type: str
    element: str
    personal: str
    grade: str
    mask: str
    is_key: bool
    reasons: list[str]


class RowFaultLine(Schema):
    """Where a row is at fault and why, never what stands there."""

    line: int
    column: str
    code: str
    sentence: str


class Draft(Schema):
    """An entry in work, as its agency sees it."""

    resource: str
    name: str
    owner: str
    state: str
    version: int
    missing: list[str] = Field(description="entries of art. 13 that it still lacks")
    fields: list[DraftField]
    reasons: list[str]
    faults: list[RowFaultLine] = Field(description="of a file: the first hundred")


GRADES = tuple(grade for grade in Resource.CHOICES["grade"] if grade != "core")
OF_FIELDS: Mapping[str, tuple[str, ...]] = {
    "type_letter": tuple(corrections.TYPE_NAMES),
    "personal": ("", *Resource.CHOICES["personal"]),
    "subject": ("", "person", "org"),
    "grade": GRADES,
    "mask": tuple(MASKS),
}


def _of_fields(item: str) -> dict[str, Any]:
    return {"enum": [*OF_FIELDS[item], None]}


class FieldAmendment(Body):
    """A data item by its name, and what becomes different. What follows from another 数据元 is taken over with it."""

    name: str = Field(min_length=1, max_length=100)
    element: str | None = Field(None, max_length=40, description="a 数据元's code; empty: none")
    type_letter: str | None = Field(None, json_schema_extra=_of_fields("type_letter"))
    personal: str | None = Field(None, json_schema_extra=_of_fields("personal"))
    subject: str | None = Field(None, json_schema_extra=_of_fields("subject"))
    grade: str | None = Field(None, json_schema_extra=_of_fields("grade"))
    mask: str | None = Field(None, json_schema_extra=_of_fields("mask"))
    why: Text = Field("", description="needed where it protects less than was proposed")

    @field_validator(*OF_FIELDS)
    @classmethod
    def is_known(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401 - pydantic's own
        if value is not None and value not in OF_FIELDS[info.field_name]:
            raise ValueError("、".join(OF_FIELDS[info.field_name]))
        return value

    def choice(self, field: corrections.FieldProposal) -> corrections.FieldChoice:
        """The field as it stands, with what is said here."""
        return replace(
            corrections.choice_of(field), **self.model_dump(exclude={"name"}, exclude_none=True)
        )


class AskedAmendment(Body):
    """What becomes different, and why. `version` is the one that was read: another one meanwhile is a conflict."""

    version: int = Field(ge=1, le=99999)
    reason: str = Field(min_length=1, max_length=1000, pattern=WRITTEN)
    name: str | None = Field(None, min_length=1, max_length=50, pattern=WRITTEN)
    abstract: str | None = Field(None, max_length=256)
    duty: str | None = Field(None, max_length=200)
    update_cycle: str | None = Field(None, json_schema_extra=_choices("update_cycle"))
    share_type: str | None = Field(None, json_schema_extra=_choices("share_type"))
    share_scope: Text | None = None
    use_purposes: Text | None = None
    use_condition: Text | None = None
    basis_level: str | None = Field(None, json_schema_extra=_choices("basis_level", ""))
    basis_citation: str | None = Field(None, max_length=300)
    withhold_reason: Text | None = None
    fields: list[FieldAmendment] = Field(default_factory=list, max_length=MOST_COLUMNS)

    def edit(self, present: Proposal) -> corrections.Edit:
        """The same as the editor's page saves it; what is said of an unverified item confirms it."""
        said = self.model_dump(exclude={"version", "reason", "fields"}, exclude_none=True)
        known = {field.name: field for field in present.fields}
        if unknown := [each.name for each in self.fields if each.name not in known]:
            raise FieldUnknown(field=unknown[0])
        confirmed = tuple(item for item in present.unverified if item not in said)
        return corrections.Edit(
            fields={each.name: each.choice(known[each.name]) for each in self.fields},
            entry={**said, "unverified": confirmed},
        )

    @field_validator("update_cycle", "share_type", "basis_level")
    @classmethod
    def is_listed(cls, value: str | None, info: Any) -> str | None:  # noqa: ANN401 - pydantic's own
        return _listed(info.field_name, value)


class AskedSubmission(Body):
    """Which version is handed to the head of the department."""

    version: int = Field(ge=1, le=99999)


class FieldUnknown(Refusal):
    """An amendment names a data item that the entry does not have."""

    code = "api.field_unknown"
    kind = "not_found"
    sentence = N_("这条目录没有数据项“{field}”。")
    remedy = N_("数据项按 name 写，先读这条目录。")


class FileWishes(Schema):
    """Beside the file."""

    name: str = Field(
        "", max_length=50, pattern=PLAIN, description="数据目录名称; the table's own unless said"
    )
    abstract: str = Field("", max_length=256, pattern=PLAIN)
    duty: str = Field("", max_length=200, pattern=PLAIN, description="来自职责")
