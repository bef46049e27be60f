"""What officials are told of their duties: who, why, what happened, what to do; no person's data."""

from yitong.base.messages.api import FactKind, MessageTemplate
from yitong.kernel.errors import N_

_TERM, _CODE, _COUNT = FactKind.TERM, FactKind.CODE, FactKind.COUNT
_DEADLINE, _AGENCY, _DATE = FactKind.DEADLINE, FactKind.AGENCY, FactKind.DATE

WARNED = MessageTemplate(
    key="duties.warned",
    title=N_("{kind}将到期"),
    who=N_("系统按时限自动提醒"),
    why=N_("这件事由您的岗位负责"),
    what=N_("第{duty}号“{kind}”{point}，{due}到期。"),
    todo=N_("打开“我的事”办理；办不完的，到期前按规定申请延长。"),
    facts={
        "duty": _CODE,
        "kind": _TERM,
        "point": _TERM,
        "due": _DEADLINE,
    },
    urgent=True,
)
MISSED = MessageTemplate(
    key="duties.missed",
    title=N_("{kind}已逾期"),
    who=N_("系统按时限自动记录"),
    why=N_("这件事由您的岗位负责"),
    what=N_("第{duty}号“{kind}”应于{due}前办结，没有办结，已记入履责台账。"),
    todo=N_("尽快办结；有正当理由的，在履责台账上陈述理由。"),
    facts={"duty": _CODE, "kind": _TERM, "due": _DEADLINE},
    urgent=True,
)
DEEMED = MessageTemplate(
    key="duties.deemed",
    title=N_("{kind}期满，法律视为已有结果"),
    who=N_("系统按时限自动记录"),
    why=N_("这件事由您的岗位负责"),
    what=N_("第{duty}号“{kind}”到{due}没有决定，依法产生期满的结果。"),
    todo=N_("按法律规定的结果办理后面的手续。"),
    facts={"duty": _CODE, "kind": _TERM, "due": _DEADLINE},
    urgent=True,
)
ESCALATED = MessageTemplate(
    key="duties.escalated",
    title=N_("{agency}有一件事逾期"),
    who=N_("系统按法律规定告知"),
    why=N_("法律规定由您的单位督促改正"),
    what=N_("{agency}的第{duty}号“{kind}”应于{due}前办结，没有办结。"),
    todo=N_("在履责台账里看经过；系统拟了督办建议，由您决定签发或者不签发。"),
    facts={"agency": _AGENCY, "duty": _CODE, "kind": _TERM, "due": _DEADLINE},
)
HANDED_OVER = MessageTemplate(
    key="duties.handed_over",
    title=N_("转来{count}件事"),
    who=N_("原来负责的岗位，或者系统按请假和空岗的规定"),
    why=N_("从现在起由您的岗位负责"),
    what=N_("转来{count}件没有办结的事。"),
    todo=N_("打开“我的事”，按到期先后办理。"),
    facts={"count": _COUNT},
)
RECOUNTED = MessageTemplate(
    key="duties.recounted",
    title=N_("{count}件事的到期日变了"),
    who=N_("系统重新计算"),
    why=N_("{cause}，您的岗位负责的事跨过了变动的日子"),
    what=N_("{count}件事的到期日变了，最早的一件现在{due}到期。"),
    todo=N_("打开“我的事”看新的到期日；每一件的经过里写着原来的日期。"),
    facts={"count": _COUNT, "cause": _TERM, "due": _DEADLINE},
)
ADMONISHED = MessageTemplate(
    key="duties.admonished",
    title=N_("收到{issuer}的{form}"),
    who=N_("{issuer}，由具名的负责人签发"),
    why=N_("您的单位有事没有按期办结"),
    what=N_("{issuer}签发第{number}号{form}，涉及{count}件事。"),
    todo=N_("办结涉及的事，并在履责台账上陈述理由。"),
    facts={"issuer": _AGENCY, "form": _TERM, "number": _CODE, "count": _COUNT},
)

MESSAGES = (WARNED, MISSED, DEEMED, ESCALATED, HANDED_OVER, RECOUNTED, ADMONISHED)
