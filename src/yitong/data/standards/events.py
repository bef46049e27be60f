"""What standards records."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

STANDARDS_LOADED = Event(
    "standards.loaded",
    N_("载入数据元{elements}个、代码表{code_sets}个"),
    ("elements", "code_sets", "digest"),
)

SOURCE_CLAIMED = Event(
    "standards.source_claimed",
    N_("{agency}登记{resource}为数据元{element}（{subject}）的数源：{state}，依据：{basis}"),
    ("element", "subject", "region", "resource", "agency", "basis", "state"),
)
SOURCE_DECIDED = Event(
    "standards.source_decided",
    N_("确定{resource}为数据元{element}（{subject}）的数源，理由：{reason}"),
    ("element", "subject", "region", "resource", "agency", "reason", "declined"),
)
CONFLICT_REFERRED = Event(
    "standards.conflict_referred",
    N_("数据元{element}（{subject}）的数源涉及职责争议，转机构编制部门，理由：{reason}"),
    ("element", "subject", "resource", "reason"),
)
CLAIM_WITHDRAWN = Event(
    "standards.claim_withdrawn",
    N_("{agency}撤回{resource}作为数据元{element}（{subject}）数源的登记，理由：{reason}"),
    ("element", "subject", "region", "resource", "agency", "reason"),
)
CLAIM_SETTLED = Event(
    "standards.claim_settled",
    N_("没有别的登记与之冲突，{resource}成为数据元{element}（{subject}）的数源"),
    ("element", "subject", "region", "resource", "agency"),
)

EVENTS = (
    STANDARDS_LOADED,
    SOURCE_CLAIMED,
    SOURCE_DECIDED,
    CONFLICT_REFERRED,
    CLAIM_WITHDRAWN,
    CLAIM_SETTLED,
)
