"""What is refused about acting for another."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class UnknownDelegation(Refusal):
    """No delegation of this key that concerns the person."""

    code = "unknown_delegation"
    kind = "not_found"
    sentence = N_("没有这项代办授权。")
    remedy = N_("请在“代办授权”里核对。")


class DelegationOver(Refusal):
    """It ended, a minute ago or a year ago."""

    code = "delegation_over"
    sentence = N_("这项代办授权已于{until}结束，不能再代办。")
    basis = Basis("民法典", "173")
    remedy = N_("请换回本人办理；需要继续代办的，请对方重新授权，或者到窗口登记。")


class PowerMissing(Refusal):
    """The delegation does not name this matter."""

    code = "power_missing"
    sentence = N_("这项代办授权不包括“{power}”。")
    basis = Basis("民法典", "171")
    remedy = N_("请对方重新授权并选上这一项。")


class InvalidDelegation(Refusal):
    """What cannot be a delegation."""

    code = "invalid_delegation"
    kind = "invalid"
    sentence = N_("代办授权要写明代办人、至少一项事项和将来的结束日期；不能授权给自己。")
    basis = Basis("民法典", "165")
    remedy = N_("请补全后再提交。")


class DelegationTooLong(Refusal):
    """Longer than the longest period of its kind."""

    code = "delegation_too_long"
    kind = "invalid"
    sentence = N_("{kind}最晚到{latest}结束。")
    basis = Basis("民法典", "165")
    remedy = N_("请把结束日期改到{latest}或更早；到期前可以再授权。")


class AgentUnknown(Refusal):
    """Nobody registered has this name and number; which of the two is wrong is not told."""

    code = "agent_unknown"
    kind = "not_found"
    sentence = N_("没有找到姓名和公民身份号码都相符、并且已经实名登录过的人。")
    remedy = N_("请核对后再填；对方没有登录过的，请对方先登录一次，或者一起到窗口登记。")


class NotRepresentative(Refusal):
    """Only the legal representative names a company's 经办人."""

    code = "not_representative"
    sentence = N_("您不是“{name}”登记的法定代表人或负责人，不能授权经办人。")
    basis = Basis("民法典", "61")
    remedy = N_("请由法定代表人登录后授权；登记有误的，向登记机关申请更正。")


class EvidenceMissing(Refusal):
    """At a counter it is written down which papers were seen."""

    code = "evidence_missing"
    kind = "invalid"
    sentence = N_("窗口登记须写明核对了哪些材料。")
    basis = Basis("民法典", "165")
    remedy = N_("例如：委托书原件、户口簿、出生医学证明、法院判决书。不要抄录证件号码。")
