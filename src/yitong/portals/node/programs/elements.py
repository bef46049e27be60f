"""Doors to data elements and code tables: what a column can mean, with the source and how sure it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from ninja import Query, Router, Schema
from pydantic import Field

from yitong.data.standards.api import CodeSet, Element, edition
from yitong.data.standards.api import element as element_by_code
from yitong.kernel.errors import N_, Refusal
from yitong.portals.node.programs.cursors import Page
from yitong.portals.node.programs.describing import Described

router = Router(tags=["standards"])
CONFIDENCE = "H read in the text, M second-hand, L unverified"


class CodeTableUnknown(Refusal):
    """No code table has this key."""

    code = "api.code_table_unknown"
    kind = "not_found"
    sentence = N_("没有编号为“{key}”的代码表。")
    remedy = N_("从 /api/code-tables 里找。")


class ElementLine(Schema):
    """数据元: what a column can mean."""

    code: str = Field(description="of this register; no national code")
    name: str
    english: str
    group: str
    type: str = Field(
        description="C text, N number, I integer, D date, T instant, L truth value, M remark"
    )
    format: str
    code_table: str = Field(description="key of its code table, empty where it has none")
    personal: str = Field(description="kind of personal information, empty where none")
    sensitivity: str = Field(description="none, personal or sensitive (个人信息保护法 4, 28)")
    subject: str = Field(description="whose number it is: person, org or empty")
    grade: int = Field(
        description="sub-level 1 to 4 of 一般数据 (GB/T 43697), of this element alone"
    )
    mask: str = Field(description="the default mask")
    source: str = Field(description="where it comes from")
    confidence: str = Field(description=CONFIDENCE)


class ElementWhole(ElementLine):
    """One data element with its words and the reason of its grade."""

    definition: str
    synonyms: list[str]
    latin: list[str]
    interest: str = Field(description="whose interest a leak hurts")
    harm: str = Field(description="and how much")
    grade_reason: str
    grade_confidence: str = Field(description=CONFIDENCE)


class ElementList(Schema):
    """A page of data elements by code; `next` is the address of the page after it, empty at the end."""

    total: int
    elements: list[ElementLine]
    next: str


class CodeTableLine(Schema):
    """代码表."""

    key: str
    name: str
    source: str
    confidence: str = Field(description=CONFIDENCE)
    values: int = Field(description="how many values it has")


class CodeTableList(Schema):
    """A page of code tables by key."""

    total: int
    code_tables: list[CodeTableLine]
    next: str


class CodeTableValueLine(Schema):
    """A value of a code table; without a code where only the name is used."""

    code: str
    name: str
    confidence: str = Field(description=CONFIDENCE)


class CodeTableWhole(Schema):
    """One code table with all its values."""

    key: str
    name: str
    source: str
    confidence: str = Field(description=CONFIDENCE)
    values: list[CodeTableValueLine]


def _line(found: Element) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "english": found.english,
        "group": found.group,
        "type": found.type_letter,
        "format": found.format,
        "code_table": found.code_set,
        "personal": found.personal,
        "sensitivity": found.sensitivity,
        "subject": found.subject,
        "grade": found.grade,
        "mask": found.mask,
        "source": found.source,
        "confidence": found.confidence,
    }


def _is_like(found: Element, words: list[str]) -> bool:
    """Every word stands in its code or in one of its names."""
    said = " ".join((found.code, found.name, found.english, *found.synonyms, *found.latin)).lower()
    return all(word in said for word in words)


def _is_held(request: HttpRequest, response: HttpResponse) -> bool:
    """The release's edition decides what stands here: who has it already is told so in one line."""
    tag = f'"{edition().digest.hex()[:32]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, max-age=300"
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


def _not_modified(response: HttpResponse) -> HttpResponse:
    held = HttpResponse(status=304)
    for name in ("ETag", "Cache-Control"):
        held.headers[name] = response.headers[name]
    return held


class ElementsAsked(Page):
    """Which elements."""

    q: str = Field("", max_length=60, description="words of names, synonyms, codes")
    group: str = Field("", max_length=40)
    sensitivity: str = Field("", max_length=10, description="none, personal or sensitive")

    def has(self, found: Element) -> bool:
        return (
            (not self.group or found.group == self.group)
            and (not self.sensitivity or found.sensitivity == self.sensitivity)
            and _is_like(found, self.q.lower().split())
        )


class CodeTablesAsked(Page):
    """Which code tables."""

    q: str = Field("", max_length=60, description="words of the name, the key or the source")


@router.get(
    "elements",
    response=ElementList,
    operation_id="elements",
    summary="Data elements by code",
    description="Several words narrow. Anyone may read them; they change with a release only (ETag).",
)
def elements(
    request: HttpRequest, response: HttpResponse, asked: Query[ElementsAsked]
) -> ElementList | HttpResponse:
    last = asked.after("elements")
    if _is_held(request, response):
        return _not_modified(response)
    found = sorted(filter(asked.has, edition().elements), key=lambda each: each.code)
    rest = [each for each in found if each.code > last]
    ended = rest[asked.limit - 1].code if rest[asked.limit :] else ""
    return ElementList(
        total=len(found),
        elements=[ElementLine(**_line(each)) for each in rest[: asked.limit]],
        next=asked.next(request, "elements", ended),
    )


@router.get(
    "elements/{code}",
    response=ElementWhole,
    operation_id="element",
    summary="One data element",
    description="With its source, how sure it is, and why it has its grade. Anyone may read it.",
)
def element(request: HttpRequest, response: HttpResponse, code: str) -> ElementWhole | HttpResponse:
    found = element_by_code(code)
    if _is_held(request, response):
        return _not_modified(response)
    return ElementWhole(
        **_line(found),
        definition=found.definition,
        synonyms=list(found.synonyms),
        latin=list(found.latin),
        interest=found.harm.interest,
        harm=found.harm.harm,
        grade_reason=found.harm.reason,
        grade_confidence=found.harm.confidence,
    )


@router.get(
    "code-tables",
    response=CodeTableList,
    operation_id="codeTables",
    summary="Code tables by key",
    description="Anyone may read them; they change with a release only (ETag).",
)
def code_tables(
    request: HttpRequest, response: HttpResponse, asked: Query[CodeTablesAsked]
) -> CodeTableList | HttpResponse:
    last = asked.after("code-tables")
    if _is_held(request, response):
        return _not_modified(response)
    words = asked.q.lower().split()
    found = [each for key, each in sorted(edition().code_sets.items()) if _names(each, words)]
    rest = [each for each in found if each.key > last]
    ended = rest[asked.limit - 1].key if rest[asked.limit :] else ""
    return CodeTableList(
        total=len(found),
        code_tables=[
            CodeTableLine(
                key=each.key,
                name=each.name,
                source=each.source,
                confidence=each.confidence,
                values=len(each.values),
            )
            for each in rest[: asked.limit]
        ],
        next=asked.next(request, "code-tables", ended),
    )


def _names(found: CodeSet, words: list[str]) -> bool:
    said = f"{found.key} {found.name} {found.source}".lower()
    return all(word in said for word in words)


@router.get(
    "code-tables/{key}",
    response=CodeTableWhole,
    operation_id="codeTable",
    summary="One code table with its values",
    description="Each value says how sure it is. Anyone may read it.",
)
def code_table(
    request: HttpRequest, response: HttpResponse, key: str
) -> CodeTableWhole | HttpResponse:
    found = edition().code_sets.get(key)
    if found is None:
        raise CodeTableUnknown(key=key)
    if _is_held(request, response):
        return _not_modified(response)
    return CodeTableWhole(
        key=found.key,
        name=found.name,
        source=found.source,
        confidence=found.confidence,
        values=[
            CodeTableValueLine(code=v.code, name=v.name, confidence=v.confidence)
            for v in found.values
        ],
    )


_ELEMENT = {
    "code": "DE01001",
    "name": "公民身份号码",
    "english": "citizen identification number",
    "group": "identifier",
    "type": "C",
    "format": "C18",
    "code_table": "",
    "personal": "identity",
    "sensitivity": "personal",
    "subject": "person",
    "grade": 3,
    "mask": "id",
    "source": "GB 11643-1999",
    "confidence": "H",
}
_WORDS = {
    "definition": "赋予每个公民的唯一号码",
    "synonyms": ["身份证号"],
    "latin": ["sfzh"],
    "interest": "个人权益",
    "harm": "严重危害",
    "grade_reason": "泄露会严重危害个人权益",
    "grade_confidence": "M",
}
_TABLE = {"key": "sex", "name": "人的性别代码", "source": "GB/T 2261.1-2003", "confidence": "H"}
DESCRIBED = {
    "elements": Described(
        {"total": 1, "elements": [_ELEMENT], "next": ""}, {"q": "身份证"}, problems=(400, 422)
    ),
    "element": Described(
        _ELEMENT | _WORDS,
        {"code": "DE01001"},
        problems=(404,),
        said={404: ("standards_unknown_element", "没有编号为“DE99999”的数据元。")},
    ),
    "codeTables": Described(
        {"total": 1, "code_tables": [_TABLE | {"values": 4}], "next": ""},
        {"q": "性别"},
        problems=(400, 422),
    ),
    "codeTable": Described(
        _TABLE | {"values": [{"code": "1", "name": "男性", "confidence": "H"}]},
        {"key": "sex"},
        problems=(404,),
        said={404: ("api.code_table_unknown", "没有编号为“x”的代码表。")},
    ),
}
