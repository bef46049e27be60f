"""The catalogue as a list: filters, pages by cursor, rows to export. Every read has a viewer."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yitong.data.catalogue import rules
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.queries import found_by
from yitong.kernel.actor import Actor

PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means all. `text` finds names, summaries, owners and data items."""

    text: str = ""
    state: str = ""
    owner: str = ""  # an agency's code
    share_type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; `after` continues, and is 0 at the end."""

    rows: tuple[Resource, ...]
    total: int
    after: int


def entries(
    *, viewer: Actor, filters: Filters = Filters(), after: int = 0, limit: int = 50
) -> Page:
    """A page of the list. The cursor is an entry's number, so nothing is skipped while others are filed."""
    found = _filtered(viewer, filters)
    rows = found.filter(id__lt=after) if after else found
    size = max(1, min(limit, PAGE_LIMIT))
    page = list(rows.select_related("owner").order_by("-id")[: size + 1])
    return Page(
        rows=tuple(page[:size]), total=found.count(), after=page[size - 1].pk if page[size:] else 0
    )


def _filtered(viewer: Actor, filters: Filters) -> QuerySet[Resource]:
    wanted = Q()
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.owner:
        wanted &= Q(owner__code=filters.owner)
    if filters.share_type:
        wanted &= Q(share_type=filters.share_type)
    return found_by(filters.text, viewer=viewer).filter(wanted)


def export_rows(*, viewer: Actor, filters: Filters = Filters()) -> Iterator[dict[str, str]]:
    """The list as rows with the headings of art. 13, one by one."""
    found = _filtered(viewer, filters).select_related("owner").prefetch_related("fields")
    for row in found.order_by("-id").iterator(chunk_size=200):
        yield {
            "资源代码": row.code,
            "数据目录名称": row.name,
            "数据项": "、".join(f.header for f in row.fields.all()),
            "提供单位": row.owner.name,
            "数据格式": row.data_format,
            "数据更新频率": rules.CYCLE_NAMES.get(row.update_cycle, "")
            + ("（待核实）" if "update_cycle" in row.unverified else ""),
            "共享属性": row.share_type_name,
            "共享方式": "、".join(rules.METHOD_NAMES[m] for m in row.share_methods),
            "使用条件": "；".join(
                t for t in (row.share_scope, row.use_purposes, row.use_condition) if t
            ),
            "数据分类分级": f"{rules.CATEGORY_NAMES[row.category]}，{row.grade_name}",
            "状态": row.state_name,
        }
