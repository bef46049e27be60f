"""What duties refuse."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

SHARING = "政务数据共享条例"


class UnknownKind(Refusal):
    """A kind that no app declares."""

    code = "duties_unknown_kind"
    kind = "not_found"
    sentence = N_("没有“{name}”这一种责任。")
    remedy = N_("责任的种类由各应用声明；核对名称，或者先装上声明它的应用。")


class UnknownDuty(Refusal):
    """No duty with this number, or not for this viewer."""

    code = "duties_unknown"
    kind = "not_found"
    sentence = N_("没有第{duty}号责任，或者它不归您看。")
    remedy = N_("从“我的事”里进来；要看别的部门的，请用有权的岗位登录。")


class NothingOpen(Refusal):
    """Nothing is owed in this matter now."""

    code = "duties_nothing_open"
    kind = "not_found"
    sentence = N_("{about}现在没有“{kind}”这件待办的事。")
    remedy = N_("它可能已经办结；在责任列表里看它的经过。")


class DutyOpen(Refusal):
    """The same obligation twice at a time."""

    code = "duties_already_open"
    kind = "conflict"
    sentence = N_("{about}的“{kind}”已经在办（第{duty}号），不能再开一件。")
    remedy = N_("在办的那件上接着办。")


class DutyClosed(Refusal):
    """Somebody was first."""

    code = "duties_closed"
    kind = "conflict"
    sentence = N_("第{duty}号责任已于{at}{state}，这一步没有做。")
    remedy = N_("刷新页面看结果；对结果有意见的，按结果上写明的救济途径办。")


class StepNotOpen(Refusal):
    """A clock that cannot do this now."""

    code = "duties_step_not_open"
    kind = "conflict"
    sentence = N_("第{duty}号责任现在{state}，不能{step}。")
    remedy = N_("刷新页面，看它现在能办什么。")


class AlreadyMissed(Refusal):
    """A clock that has run out is not stopped, begun anew or made longer."""

    code = "duties_already_missed"
    kind = "conflict"
    sentence = N_("第{duty}号责任已于{at}到期，逾期以后不能{step}。")
    remedy = N_("尽快办结；逾期的原因可以写明，和记录一并留在履责台账上。")


class OutcomeUnknown(Refusal):
    """An outcome that the kind does not have."""

    code = "duties_outcome_unknown"
    kind = "invalid"
    sentence = N_("“{kind}”没有“{outcome}”这个结果，可以是：{known}。")
    remedy = N_("选其中一个。")


class LimitNotOfKind(Refusal):
    """A limit that does not belong to the kind."""

    code = "duties_limit_not_of_kind"
    kind = "invalid"
    sentence = N_("“{kind}”不能用时限{limit}，可以用：{known}。")
    remedy = N_("用声明里的时限；要用别的时限，先改这一种责任的声明。")


class NoClockHere(Refusal):
    """A limit that gives no last day, such as one for keeping records."""

    code = "duties_no_clock"
    kind = "invalid"
    sentence = N_("时限{limit}算不出办结的最后一天，不能开成责任。")
    remedy = N_("换一个规定“在多长时间内”的时限。")


class NotExtendable(Refusal):
    """The act gives no more time."""

    code = "duties_not_extendable"
    sentence = N_("时限{limit}没有规定可以延长。")
    remedy = N_("在{due_on}前办结；确有困难的，向对方说明并报本部门负责人。")


class ExtendedOnce(Refusal):
    """There is one extension and no second."""

    code = "duties_extended_once"
    kind = "conflict"
    sentence = N_("第{duty}号责任已经延长过一次，不能再延长。")
    remedy = N_("在{due_on}前办结。")


class ExtensionTooLong(Refusal):
    """More than the act allows, or nothing."""

    code = "duties_extension_too_long"
    kind = "invalid"
    sentence = N_("延长要在1到{most}之间（单位和时限相同），您写的是{amount}。")
    remedy = N_("改到允许的范围内。")


class ExtensionIncomplete(Refusal):
    """Reason, consent and notice belong to an extension."""

    code = "duties_extension_incomplete"
    kind = "invalid"
    sentence = N_("延长还缺：{missing}。")
    remedy = N_("补齐以后再办：理由、{approver}同意的文号、告知的情况。")


class ReasonMissing(Refusal):
    """A clock is not stopped without words."""

    code = "duties_reason_missing"
    kind = "invalid"
    sentence = N_("{step}要写明理由。")
    remedy = N_("用一两句话写清楚；它会留在记录里。")


class BasisMissing(Refusal):
    """Nobody is freed of a duty without law."""

    code = "duties_basis_missing"
    kind = "invalid"
    sentence = N_("免除责任要写明依据的法律和条款。")
    remedy = N_("写明依据，例如《政务数据共享条例》第二十七条。")


class PostUnfit(Refusal):
    """A post that cannot take a duty over."""

    code = "duties_post_unfit"
    kind = "invalid"
    sentence = N_("岗位{post}现在没有人，或者不在{agency}，不能接办。")
    remedy = N_("选本部门有人在岗的岗位。")


class NobodyAtAll(Refusal):
    """No agency stands behind the duty."""

    code = "duties_nobody"
    kind = "invalid"
    sentence = N_("没有写明由哪个单位负责。")
    remedy = N_("每一件责任都要有负责的单位和岗位。")


class NotMissed(Refusal):
    """An explanation needs a miss."""

    code = "duties_not_missed"
    kind = "conflict"
    sentence = N_("第{duty}号责任没有逾期，不用陈述理由。")
    remedy = N_("从履责台账上没有按期的事进来。")


class AdmonitionUnknown(Refusal):
    """No 督办 or 通报 with this number."""

    code = "duties_admonition_unknown"
    kind = "not_found"
    sentence = N_("没有第{number}号督办或者通报建议。")
    remedy = N_("从履责台账的“待签发”里进来。")


class AdmonitionSettled(Refusal):
    """Signed or declined already."""

    code = "duties_admonition_settled"
    kind = "conflict"
    sentence = N_("第{number}号建议已经{state}，不能再办。")
    remedy = N_("刷新页面看结果。")


class OverseerUnfit(Refusal):
    """监察 is never told automatically: it acts on its own judgement."""

    code = "duties_overseer_unfit"
    sentence = N_("{agency}是监察或者其他独立行使职权的机关，逾期不自动告知它。")
    basis = Basis(SHARING, "39")
    remedy = N_("选法律规定的主管部门或者上级行政机关。")
