"""The only door of sources."""

from yitong.data.sources.actions import (
    clean_leftovers,
    copy_in,
    drop_table,
    link_in_place,
    register_source,
)
from yitong.data.sources.listings import tables_at
from yitong.data.sources.models import Source
from yitong.data.sources.opening import open_table, read_dictionary
from yitong.data.sources.plans import ClearColumn, CopyPlan
from yitong.data.sources.profiles import TableProfile
from yitong.data.sources.profiling import profile, write_faults
from yitong.data.sources.queries import (
    RowStatement,
    remote_row,
    row_statement,
    shared_before,
    source_table,
)
from yitong.data.sources.tables import Reader

__all__ = [
    "ClearColumn",
    "CopyPlan",
    "Reader",
    "RowStatement",
    "Source",
    "TableProfile",
    "clean_leftovers",
    "copy_in",
    "drop_table",
    "link_in_place",
    "open_table",
    "profile",
    "read_dictionary",
    "register_source",
    "remote_row",
    "row_statement",
    "shared_before",
    "source_table",
    "tables_at",
    "write_faults",
]
