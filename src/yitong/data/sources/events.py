"""What sources records: numbers and digests, never a value of a row."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

SOURCE_REGISTERED = Event(
    "sources.registered",
    N_("登记数据源{source}（{kind}），属于{owner}"),
    ("source", "kind", "owner"),
)
SOURCE_SEEN = Event(
    "sources.source_seen",
    N_("再次读取数据源{source}的表结构，没有载入行"),
    ("source",),
)
TABLE_LOADED = Event(
    "sources.table_loaded",
    N_("载入数据表“{table}”：{rows}行，{refused}行有问题未载入"),
    ("table", "rows", "refused", "digest", "form", "replaced"),
)
TABLE_LINKED = Event(
    "sources.table_linked",
    N_("数据表“{table}”就地读取，来自数据源{source}"),
    ("table", "source"),
)
TABLE_DROPPED = Event(
    "sources.table_dropped", N_("删除数据表“{table}”的{rows}行"), ("table", "rows", "digest")
)
LEFTOVERS_CLEANED = Event(
    "sources.leftovers_cleaned", N_("清理中断的载入：{tables}个临时表"), ("tables",)
)

EVENTS = (
    SOURCE_REGISTERED,
    SOURCE_SEEN,
    TABLE_LOADED,
    TABLE_LINKED,
    TABLE_DROPPED,
    LEFTOVERS_CLEANED,
)
