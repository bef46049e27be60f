"""What standards refuses."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

SHARING = "政务数据共享条例"


class UnknownElement(Refusal):
    """No data element has this code."""

    code = "standards_unknown_element"
    kind = "not_found"
    sentence = N_("没有编号为“{element}”的数据元。")
    remedy = N_("按名称或同义词查找数据元。")


class ElementRetired(Refusal):
    """Nobody becomes the source of an element that is no longer in force."""

    code = "standards_element_retired"
    kind = "conflict"
    sentence = N_("数据元“{name}”（{element}）已停用，不能再登记数源。")
    remedy = N_("查找替代它的数据元，在那里登记。")


class SubjectUnknown(Refusal):
    """An element has a source for each kind of subject."""

    code = "standards_subject_unknown"
    kind = "invalid"
    sentence = N_("没有“{subject}”这一类对象。")
    remedy = N_("选择其中一类：{known}。")


class ClaimNeedsWords(Refusal):
    """Claims and decisions without words cannot be judged."""

    code = "standards_claim_needs_words"
    kind = "invalid"
    sentence = N_("请写明{what}。")
    basis = Basis(SHARING, "19")
    remedy = N_("写出法律、法规或者“三定”规定的哪一条把这项数据的采集交给哪个部门。")


class ClaimedAlready(Refusal):
    """The same resource is named twice."""

    code = "standards_claimed_already"
    kind = "conflict"
    sentence = N_("{resource}已登记为“{name}”的数源，状态：{state}。")
    remedy = N_("不必再登记；要改依据，先撤回再登记。")


class ClaimUnknown(Refusal):
    """No claim has this number."""

    code = "standards_claim_unknown"
    kind = "not_found"
    sentence = N_("没有第{claim}号数源登记。")
    remedy = N_("在数据元的页面上查看它的数源登记。")


class ClaimOver(Refusal):
    """What was declined or withdrawn is over; a new claim may be made."""

    code = "standards_claim_over"
    kind = "conflict"
    sentence = N_("这项数源登记已经了结：{state}。")
    remedy = N_("有新的依据时，重新登记。")


class NothingContested(Refusal):
    """The authority decides where two say that they are the source."""

    code = "standards_nothing_contested"
    kind = "conflict"
    sentence = N_("“{name}”的数源没有争议，不用裁定。")
    basis = Basis(SHARING, "19")
    remedy = N_("数源部门要退出的，由它自己撤回登记。")
