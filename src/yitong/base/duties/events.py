"""What duties record. Facts name duties, posts, agencies, limits and dates, never a person."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

OPENED = Event(
    "duties.opened",
    N_("第{duty}号责任“{kind}”开始计时，由{post}负责，时限{limit}，{due_on}到期"),
    ("duty", "kind", "about", "step", "post", "agency", "limit", "start", "due_on"),
)
PAUSED = Event(
    "duties.paused", N_("第{duty}号责任暂停计时：{reason}"), ("duty", "since", "reason", "basis")
)
RESUMED = Event(
    "duties.resumed",
    N_("第{duty}号责任继续计时，{due_on}到期：{reason}"),
    ("duty", "since", "reason", "due_on"),
)
RESTARTED = Event(
    "duties.restarted",
    N_("第{duty}号责任重新计时，{due_on}到期：{reason}"),
    ("duty", "since", "reason", "basis", "due_on"),
)
EXTENDED = Event(
    "duties.extended",
    N_("第{duty}号责任经同意延长{amount}，从{old_due_on}到{due_on}：{reason}"),
    ("duty", "amount", "approver", "reason", "consent", "notice", "old_due_on", "due_on"),
)
MET = Event(
    "duties.met",
    N_("第{duty}号责任办结：{outcome}（{result}）"),
    ("duty", "kind", "agency", "limit", "outcome", "result", "due_on"),
)
WAIVED = Event(
    "duties.waived", N_("第{duty}号责任依{basis}免除：{reason}"), ("duty", "basis", "reason")
)
WARNED = Event(
    "duties.warned",
    N_("第{duty}号责任提醒：{point}，{due_on}到期"),
    ("duty", "point", "at", "due_on"),
)
MISSED = Event(
    "duties.missed",
    N_("第{duty}号责任逾期：应于{due}前办结，违反{article}"),
    ("duty", "kind", "agency", "post", "limit", "due", "article"),
)
DEEMED = Event(
    "duties.deemed",
    N_("第{duty}号责任期满没有决定：{outcome}"),
    ("duty", "kind", "agency", "limit", "due", "outcome"),
)
ESCALATED = Event(
    "duties.escalated",
    N_("第{duty}号责任逾期，已告知{told}"),
    ("duty", "rung", "told", "basis"),
)
HANDED_OVER = Event(
    "duties.handed_over",
    N_("第{duty}号责任由{before}转给{after}：{reason}"),
    ("duty", "before", "after", "cause", "reason"),
)
RECOUNTED = Event(
    "duties.recounted",
    N_("第{duty}号责任的到期日由{old_due_on}改为{due_on}（{cause}）"),
    ("duty", "recount", "cause", "old_due_on", "due_on"),
)
RECOUNT_DONE = Event(
    "duties.recount_done",
    N_("因{cause}重新计算责任{examined}件，改变到期日{changed}件"),
    ("recount", "cause", "source", "examined", "changed"),
)
EXPLAINED = Event("duties.explained", N_("就第{duty}号责任逾期陈述理由"), ("duty", "words"))
PROPOSED = Event(
    "duties.admonition_proposed",
    N_("建议对{agency}{form}：{ground}"),
    ("admonition", "form", "agency", "issuer", "duties", "ground"),
)
SETTLED = Event(
    "duties.admonition_settled",
    N_("第{admonition}号{form}{state}：{words}"),
    ("admonition", "form", "agency", "state", "words"),
)
OVERSEER_NAMED = Event(
    "duties.overseer_named",
    N_("确定{region}的{body}是{agency}，依据{basis}"),
    ("body", "region", "agency", "basis"),
)
EVENTS = (
    OPENED,
    PAUSED,
    RESUMED,
    RESTARTED,
    EXTENDED,
    MET,
    WAIVED,
    WARNED,
    MISSED,
    DEEMED,
    ESCALATED,
    HANDED_OVER,
    RECOUNTED,
    RECOUNT_DONE,
    EXPLAINED,
    PROPOSED,
    SETTLED,
    OVERSEER_NAMED,
)
