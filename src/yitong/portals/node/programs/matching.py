"""Matching: heads and shapes in, data elements with scores and reasons out. Nothing of it is kept."""

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from yitong.data.standards.api import ColumnProposal, element, proposals
from yitong.portals.node.programs.bodies import Body
from yitong.portals.node.programs.callers import known
from yitong.portals.node.programs.columns import MOST_COLUMNS, AskedColumn, said_columns
from yitong.portals.node.programs.describing import KNOWN, Described

router = Router(tags=["standards"])


class AskedMatch(Body):
    """The columns of one table: each is judged in the light of the others."""

    columns: list[AskedColumn] = Field(min_length=1, max_length=MOST_COLUMNS)


class MatchLine(Schema):
    """One data element that a column may hold."""

    code: str
    name: str
    score: int = Field(description="0 to 100; below 50 it is a guess")
    reasons: list[str]
    personal: str = Field(description="kind of personal information, empty where none")


class ColumnMatches(Schema):
    """What is proposed for a column, best first."""

    column: str
    header: str
    elements: list[MatchLine]
    personal: str = Field(description="what looks personal, even where no element is sure")
    reason: str = Field(description="why it looks personal without an element")


class MatchList(Schema):
    """The proposals for each column, in the order of the request."""

    columns: list[ColumnMatches]


@router.post(
    "matches",
    response=MatchList,
    operation_id="matches",
    summary="Data elements for the columns of a table",
    description="A read: it changes nothing and takes no Idempotency-Key. Clients with any token, and staff.",
)
def matches(request: HttpRequest, given: AskedMatch) -> MatchList:
    known(request)
    columns = said_columns(given.columns)
    found = proposals(columns)
    return MatchList(
        columns=[_matched(each.name, each.header, found[each.name]) for each in columns]
    )


def _matched(name: str, header: str, found: ColumnProposal) -> ColumnMatches:
    return ColumnMatches(
        column=name,
        header=header,
        elements=[
            MatchLine(
                code=each.code,
                name=element(each.code).name,
                score=each.score,
                reasons=[gettext(reason) for reason in each.reasons],
                personal=each.personal,
            )
            for each in found.matches
        ],
        personal=found.personal,
        reason=gettext(found.suspicion.reason) if found.suspicion.reason else "",
    )


_MATCH = {
    "code": "DE01001",
    "name": "公民身份号码",
    "score": 96,
    "reasons": ["列名就是它的同义词“身份证号”"],
    "personal": "identity",
}
DESCRIBED = {
    "matches": Described(
        {
            "columns": [
                {
                    "column": "sfzh",
                    "header": "身份证号",
                    "elements": [_MATCH],
                    "personal": "identity",
                    "reason": "",
                }
            ]
        },
        body={
            "columns": [
                {"name": "sfzh", "header": "身份证号", "rows": 2000, "shapes": {"person": 1990}}
            ]
        },
        problems=(400, 422),
        who=KNOWN,
    )
}
