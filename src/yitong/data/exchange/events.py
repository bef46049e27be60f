"""What every use of data leaves behind."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

DATA_USED = Event(
    "data.used",
    N_("依据授权{grant}，为“{purpose}”取得{resource}的{fields}"),
    ("grant", "resource", "purpose", "basis", "fields", "masks", "found", "digest", "hidden"),
)
# Of a grant that gives rows by rule: which rule, by its digest, and how many rows it kept back. What the answer was
# for one person, or what the row held, is not in it.
DATA_USED_BY_RULE = Event(
    "data.used_by_rule",
    N_(
        "依据授权{grant}，为“{purpose}”取得{resource}的{fields}，按规则给出{found}行，{kept_back}行没有放行"
    ),
    (*DATA_USED.fields, "rule", "kept_back"),
)
# The agency whose data they are opened rows to see what a rule says of them.
DATA_JUDGED = Event(
    "data.judged",
    N_("为“{purpose}”打开{resource}的{found}行，看规则放不放行"),
    ("grant", "resource", "purpose", "basis", "fields", "masks", "rule", "found", "hidden"),
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

EVENTS = (
    DATA_USED,
    DATA_USED_BY_RULE,
    DATA_JUDGED,
    DATA_REFUSED,
    USE_UNANSWERED,
    FOOTPRINT_SEEN,
    DATA_DESTROYED,
)
