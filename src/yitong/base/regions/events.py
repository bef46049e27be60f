"""What regions records."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

LOADED = Event(
    "regions.loaded",
    N_("载入区划表「{edition}」：新增 {added}，更名 {renamed}，停用 {closed}。"),
    ("table", "edition", "digest", "rows", "added", "renamed", "closed"),
)

ALL = (LOADED,)
