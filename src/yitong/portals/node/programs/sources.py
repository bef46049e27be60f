"""How the agency's sources fare: whether they are loaded, since when, with how many rows at fault. Never where they are."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yitong.data.sources.api import Source
from yitong.portals.node.programs.callers import Scope, with_scope
from yitong.portals.node.programs.cursors import Page
from yitong.portals.node.programs.describing import Described

router = Router(tags=["sources"])


class TableHealth(Schema):
    """One table of a source as this node holds or reads it."""

    table: str
    state: str = Field(
        description="loaded (copied here), in_place (read where it stands) or dropped"
    )
    rows: int
    refused: int = Field(description="rows of the last load that were not taken")
    loaded_at: str


class SourceHealth(Schema):
    """One source, without its address and its credentials."""

    source: int
    kind: str = Field(description="file, postgresql or mysql")
    state: str = Field(description="active or retired")
    registered_at: str
    tables: list[TableHealth]


class SourceHealthList(Schema):
    """A page of sources, newest first."""

    sources: list[SourceHealth]
    next: str


@router.get(
    "sources",
    response=SourceHealthList,
    operation_id="sources",
    summary="How the own sources fare",
    description="No address, no credential, no value of a row. Clients with the scope `catalogue` and staff, of their own agency.",
)
def sources(request: HttpRequest, asked: Query[Page]) -> SourceHealthList:
    by = with_scope(request, Scope.CATALOGUE)
    last = asked.number_after("sources")
    found = Source.objects.filter(owner=by.agency).exclude(owner="").order_by("-pk")
    found = found.defer("sealed", "blind").prefetch_related("tables")
    rows = list((found.filter(pk__lt=last) if last else found)[: asked.limit + 1])
    ended = rows[asked.limit - 1].pk if rows[asked.limit :] else 0
    return SourceHealthList(
        sources=[_health(row) for row in rows[: asked.limit]],
        next=asked.next(request, "sources", ended),
    )


def _health(row: Source) -> SourceHealth:
    return SourceHealth(
        source=row.pk,
        kind=row.kind,
        state=row.state,
        registered_at=row.registered_at.isoformat(timespec="seconds"),
        tables=[TableHealth(**_table(table)) for table in row.tables.all()],
    )


def _table(table: Any) -> dict[str, Any]:  # noqa: ANN401 - a table, as sources give it for reading
    return {
        "table": table.table_key,
        "state": table.state,
        "rows": table.row_count,
        "refused": table.refused_count,
        "loaded_at": table.loaded_at.isoformat(timespec="seconds"),
    }


_TABLE = {
    "table": "r1",
    "state": "loaded",
    "rows": 2000,
    "refused": 3,
    "loaded_at": "2026-11-20T01:00:00+00:00",
}
_SOURCE = {
    "source": 1,
    "kind": "file",
    "state": "active",
    "registered_at": "2026-11-20T00:59:00+00:00",
    "tables": [_TABLE],
}
DESCRIBED = {
    "sources": Described(
        {"sources": [_SOURCE], "next": ""}, problems=(400, 422), who=Scope.CATALOGUE.value
    )
}
