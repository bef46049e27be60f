"""The only door of regions."""

from yitong.base.regions.actions import (
    LoadReport,
    load_county_history,
    load_edition,
    load_national,
    load_overlay,
)
from yitong.base.regions.editions import Edition, rows_from_csv
from yitong.base.regions.errors import InvalidRegionCode, UnknownRegion
from yitong.base.regions.queries import (
    children,
    find,
    loaded_editions,
    national_totals,
    path,
    region,
)
from yitong.base.regions.rules import Division, Level, RegionFacts, kind, within

__all__ = [
    "Division",
    "Edition",
    "InvalidRegionCode",
    "Level",
    "LoadReport",
    "RegionFacts",
    "UnknownRegion",
    "children",
    "find",
    "kind",
    "load_county_history",
    "load_edition",
    "load_national",
    "load_overlay",
    "loaded_editions",
    "national_totals",
    "path",
    "region",
    "rows_from_csv",
    "within",
]
