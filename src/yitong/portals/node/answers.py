"""What the node's open JSON doors answer, with one example each: the source of the OpenAPI document."""

from typing import Any, ClassVar

from ninja import Field, Schema

from yitong.base.regions.api import RegionFacts
from yitong.data.catalogue.api import Resource


class ResourceLine(Schema):
    """A catalogue entry in a list: 政务数据共享条例 13 in short."""

    code: str = Field(description="资源代码, for ever the same")
    name: str
    owner: str = Field(description="数源部门")
    owner_code: str = Field(description="统一社会信用代码")
    state: str
    share_type: str = Field(description="unconditional, conditional or withheld (art. 14)")
    grade: str = Field(description="GB/T 43697: general_1 … general_4, important")
    update_cycle: str
    version: int | None = Field(description="the version in force")

    @classmethod
    def of(cls, row: Resource) -> "ResourceLine":
        return cls(**_line(row))

    EXAMPLE: ClassVar[dict[str, object]] = {
        "code": "307001/000001",
        "name": "最低生活保障对象",
        "owner": "澜宁市民政局",
        "owner_code": "11890100DM00000135",
        "state": "published",
        "share_type": "conditional",
        "grade": "general_4",
        "update_cycle": "monthly",
        "version": 1,
    }


class FieldLine(Schema):
    """A 数据项 of an entry."""

    name: str = Field(description="what a governed read asks for")
    header: str
    type: str = Field(description="C text, N number, D date, T instant, L truth value")
    length: int
    element: str = Field(description="数据元, empty where none fits")
    personal: str = Field(description="kind of personal information, empty where none")
    grade: str
    mask: str = Field(description="the default mask of a grant")
    is_key: bool


class ResourceList(Schema):
    """A page of entries; `next` is the address of the page after it, empty at the end."""

    total: int
    resources: list[ResourceLine]
    next: str

    EXAMPLE: ClassVar[dict[str, object]] = {
        "total": 1,
        "resources": [ResourceLine.EXAMPLE],
        "next": "",
    }


class ResourceWhole(ResourceLine):
    """One entry with its data items."""

    abstract: str
    data_format: str
    share_methods: list[str]
    use_condition: str
    fields: list[FieldLine]

    @classmethod
    def of(cls, row: Resource) -> "ResourceWhole":
        fields = [
            FieldLine(
                name=f.name, header=f.header, type=f.type_letter, length=f.length, element=f.element,
                personal=f.personal, grade=f.grade, mask=f.mask, is_key=f.is_key,
            )
            for f in row.fields.all()
        ]  # fmt: skip
        conditions = (row.share_scope, row.use_purposes, row.use_condition)
        return cls(
            **_line(row),
            abstract=row.abstract,
            data_format=row.data_format,
            share_methods=[Resource.CHOICES["share_methods"].get(m, m) for m in row.share_methods],
            use_condition="；".join(text for text in conditions if text),
            fields=fields,
        )

    EXAMPLE: ClassVar[dict[str, object]] = {
        **ResourceLine.EXAMPLE,
        "abstract": "本市最低生活保障家庭的在保情况",
        "data_format": "CSV",
        "share_methods": ["服务接口"],
        "use_condition": "依法履行职责所需",
        "fields": [
            {
                "name": "sfzh", "header": "身份证号", "type": "C", "length": 18, "element": "DE01001",
                "personal": "identity", "grade": "general_3", "mask": "id", "is_key": True,
            }
        ],
    }  # fmt: skip


def _line(row: Resource) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "owner": row.owner.name,
        "owner_code": row.owner.code,
        "state": row.state,
        "share_type": row.share_type,
        "grade": row.grade,
        "update_cycle": row.update_cycle,
        "version": row.version_in_force,
    }


class RegionLine(Schema):
    """A division in force, or the last that had the code."""

    code: str = Field(description="prefix code: 2, 4, 6, 9 or 12 digits")
    padded: str = Field(description="the same in twelve digits")
    level: int
    name: str
    path: list[str]
    overlay: str = Field(description="“demo” for made-up divisions")
    replaced_by: str

    @classmethod
    def of(cls, facts: RegionFacts) -> "RegionLine":
        return cls(
            code=facts.code, padded=facts.padded, level=facts.level, name=facts.name,
            path=list(facts.path), overlay=facts.overlay, replaced_by=facts.replaced_by,
        )  # fmt: skip

    EXAMPLE: ClassVar[dict[str, object]] = {
        "code": "890102",
        "padded": "890102000000",
        "level": 3,
        "name": "听澜区",
        "path": ["示例省", "澜宁市", "听澜区"],
        "overlay": "demo",
        "replaced_by": "",
    }


class RegionList(Schema):
    """Divisions found, exact names first."""

    regions: list[RegionLine]

    EXAMPLE: ClassVar[dict[str, object]] = {"regions": [RegionLine.EXAMPLE]}


class InclusionProof(Schema):
    """The path from a leaf to the root of the tree of `size` leaves (RFC 6962 2.1.1), as hex."""

    index: int
    size: int
    path: list[str]

    EXAMPLE: ClassVar[dict[str, object]] = {
        "index": 0,
        "size": 2,
        "path": ["5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
    }


class ConsistencyProof(Schema):
    """That the tree of `new` leaves only extends the tree of `old` leaves (RFC 6962 2.1.2), as hex."""

    old: int
    new: int
    path: list[str]

    EXAMPLE: ClassVar[dict[str, object]] = {
        "old": 1,
        "new": 2,
        "path": ["5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
    }
