"""What the users of an entry are told of a change to what they are given; no person and no value of a row."""

from yitong.base.messages.api import FactKind, MessageTemplate
from yitong.kernel.errors import N_

_FACTS = {
    "provider": FactKind.AGENCY,
    "resource": FactKind.CODE,
    "version": FactKind.COUNT,
    "items": FactKind.COUNT,
}
CHANGE_COMING = MessageTemplate(
    key="catalogue.change_coming",
    title=N_("{provider}要改变你单位在用的数据"),
    who=N_("{provider}，修订目录{resource}"),
    why=N_(
        "你单位正在使用它，改变已提供的共享服务要先告知和协商（《政务数据共享条例》第二十七条）"
    ),
    what=N_("第{version}版有{items}处改变你单位在用的数据项，最早在{until}之后施行。"),
    todo=N_("打开目录看改变的是哪几项；没有意见就点同意，有意见就写明，由提供部门和你单位协商。"),
    facts={**_FACTS, "until": FactKind.DATE},
)
CHANGE_MADE = MessageTemplate(
    key="catalogue.change_made",
    title=N_("{provider}的数据已按新版提供"),
    who=N_("{provider}和数据主管部门，发布目录{resource}"),
    why=N_("你单位正在使用它"),
    what=N_("第{version}版已发布，原先告知的{items}处改变已经生效；其余的数据项照旧提供。"),
    todo=N_("按新版调整你单位的系统；授权里已经不提供的数据项不再给出，不用办手续。"),
    facts=_FACTS,
)
CHANGE_DROPPED = MessageTemplate(
    key="catalogue.change_dropped",
    title=N_("{provider}不再改变你单位在用的数据"),
    who=N_("{provider}，丢弃目录{resource}的修订"),
    why=N_("先前告知过你单位"),
    what=N_("第{version}版的{items}处改变不再施行，数据照旧提供。"),
    todo=N_("不用办理。"),
    facts=_FACTS,
)
MESSAGES = (CHANGE_COMING, CHANGE_MADE, CHANGE_DROPPED)
