"""What every use of data leaves behind."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

DATA_USED = Event(
    "data.used",
    N_("依据授权{grant}，为“{purpose}”取得{resource}的{fields}"),
    ("grant", "resource", "purpose", "basis", "fields", "masks", "found", "digest", "hidden"),
)
DATA_REFUSED = Event(
    "data.refused",
    N_("要查{resource}，没有给：{reason}"),
    ("grant", "resource", "purpose", "reason", "hidden"),
)
USE_UNANSWERED = Event(
    "data.use_unanswered",
    N_("第{entry}号使用记录之后，数据没有送出：{reason}"),
    ("entry", "reason"),
)
FOOTPRINT_SEEN = Event(
    "data.footprint_seen",
    N_("凭代办授权看了数据足迹：{shown}条"),
    ("delegation", "kind", "look", "shown"),
)

DATA_DESTROYED = Event(
    "data.destroyed",
    N_("销毁{resource}的数据密钥{keys}个，此后谁也不能读取，原因：{reason}"),
    ("resource", "keys", "reason"),
)

EVENTS = (DATA_USED, DATA_REFUSED, USE_UNANSWERED, FOOTPRINT_SEEN, DATA_DESTROYED)
