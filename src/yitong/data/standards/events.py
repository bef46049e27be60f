"""What standards records."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

STANDARDS_LOADED = Event(
    "standards.loaded",
    N_("载入数据元{elements}个、代码表{code_sets}个"),
    ("elements", "code_sets", "digest"),
)

EVENTS = (STANDARDS_LOADED,)
