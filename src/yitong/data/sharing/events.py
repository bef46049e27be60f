"""What sharing records: requests, answers, grants and their ends. No row, no person, no value of a row."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

REQUESTED = Event(
    "sharing.requested",
    N_("申请共享{resource}的{fields}，用途：{purpose}，至{until}"),
    ("resource", "requester", "fields", "purpose", "until", "row_rule"),
)
REQUEST_APPROVED = Event(
    "sharing.request_approved",
    N_("需求部门共享工作机构负责人同意，向{provider}提出申请"),
    ("resource", "requester", "provider"),
)
SUPPLEMENT_ASKED = Event(
    "sharing.supplement_asked", N_("一次性告知补正：{items}"), ("resource", "items")
)
SUPPLEMENTED = Event("sharing.supplemented", N_("已补正，等待答复"), ("resource",))
ANSWERED = Event(
    "sharing.answered",
    N_("提供部门答复：{answer}。{reason}"),
    ("resource", "answer", "ground", "reason", "row_rule"),
)
WITHDRAWN = Event(
    "sharing.request_withdrawn", N_("撤回共享申请，理由：{reason}"), ("resource", "reason")
)
GRANTED = Event(
    "sharing.granted",
    N_("向{agency}的{client}授权使用{resource}：{fields}，用途：{purpose}，至{until}"),
    (
        "resource",
        "request",
        "agency",
        "client",
        "fields",
        "masks",
        "purpose",
        "until",
        "row_region",
        "row_rule",
        "row_rule_digest",
        "row_rule_version",
        "rate_per_minute",
        "policies",
    ),
)
SUSPENDED = Event(
    "sharing.suspended", N_("暂停授权，理由：{reason}"), ("resource", "agency", "reason")
)
RESUMED = Event("sharing.resumed", N_("恢复授权，理由：{reason}"), ("resource", "agency", "reason"))
ENDED = Event(
    "sharing.ended",
    N_("终止授权（{cause}），理由：{reason}"),
    ("resource", "agency", "cause", "reason", "consultation", "filing"),
)
EXPIRED = Event("sharing.expired", N_("授权于{until}到期"), ("resource", "agency", "until"))
PURPOSES_LOADED = Event(
    "sharing.purposes_loaded", N_("载入共享用途表{purposes}项"), ("purposes", "digest")
)
PURPOSE_APPROVED = Event(
    "sharing.purpose_approved",
    N_("批准不告知本人的用途{purpose}（{side}）"),
    ("purpose", "side", "basis"),
)

EVENTS = (
    REQUESTED,
    REQUEST_APPROVED,
    SUPPLEMENT_ASKED,
    SUPPLEMENTED,
    ANSWERED,
    WITHDRAWN,
    GRANTED,
    SUSPENDED,
    RESUMED,
    ENDED,
    EXPIRED,
    PURPOSES_LOADED,
    PURPOSE_APPROVED,
)
