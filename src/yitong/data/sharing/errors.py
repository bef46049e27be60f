"""What sharing refuses, on which article, and what to do next."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

ACT = "政务数据共享条例"


class RequestIncomplete(Refusal):
    """Raised once, with all that art. 20 asks and the request lacks; nothing is rejected for it."""

    code = "sharing.request_incomplete"
    kind = "invalid"
    sentence = N_("共享申请还缺：{missing}。")
    basis = Basis(ACT, "20")
    remedy = N_("补到本申请即可，不必重新申请。")


class SupplementAskedOnce(Refusal):
    """Art. 21: everything that is missing is told at one time."""

    code = "sharing.supplement_asked_once"
    sentence = N_("补正只能一次性告知，{on}已经告知过。")
    basis = Basis(ACT, "21")
    remedy = N_("按现有材料作出答复；不同意的，写明理由。")


class RefusalNeedsGround(Refusal):
    """Art. 21: whoever does not agree says why; “internal matters of our department” is no ground."""

    code = "sharing.refusal_needs_ground"
    kind = "invalid"
    sentence = N_("不同意共享要写明理由，并选一项依法成立的理由；现在缺{missing}。")
    basis = Basis(ACT, "21")
    remedy = N_("可以选：{grounds}。都不成立的，应当同意，或者建议对方缩小范围。")


class RequestStepNotOpen(Refusal):
    """The life of a request has one table of transitions."""

    code = "sharing.request_step_not_open"
    kind = "conflict"
    sentence = N_("申请{request}现在是“{state}”，不能{step}。")
    basis = Basis(ACT, "21")
    remedy = N_("现在能做的：{open}。")


class RequestUnknown(Refusal):
    """No request of this number that the viewer may see."""

    code = "sharing.request_unknown"
    kind = "not_found"
    sentence = N_("没有找到共享申请{request}。")
    remedy = N_("核对申请编号。")


class NotInForce(Refusal):
    """Only what the data authority has published may be shared."""

    code = "sharing.not_in_force"
    sentence = N_("“{name}”现在是“{state}”，没有发布生效的目录，不能共享。")
    basis = Basis(ACT, "16")
    remedy = N_("先经部门负责人审核、数据主管部门审核发布。")


class NothingLeft(Refusal):
    """The entry is still in force, its data are gone for ever."""

    code = "sharing.data_destroyed"
    sentence = N_("“{name}”的数据已经依法销毁，谁也不能再读取，不能再共享。")
    basis = Basis("个人信息保护法", "47")
    remedy = N_("向提供部门询问有没有接续的资源。")


class Withheld(Refusal):
    """不予共享."""

    code = "sharing.withheld"
    sentence = N_("“{name}”属于不予共享：{citation}。")
    basis = Basis(ACT, "14")
    remedy = N_("认为不应列为不予共享的，可以与{owner}协商，协商不成的向同级数据主管部门申请协调。")


class OwnData(Refusal):
    """Sharing is between departments; one's own data need no grant."""

    code = "sharing.own_data"
    kind = "invalid"
    sentence = N_("{agency}就是“{name}”的提供单位，不用向自己申请共享。")
    basis = Basis(ACT, "3")
    remedy = N_("把授权给另一个部门的客户端。")


class OutsideGovernment(Refusal):
    """The regulation speaks of 政府部门 and organisations which a law or regulation empowers."""

    code = "sharing.outside_government"
    sentence = N_("{agency}是企业，不是政府部门，也没有登记为法律、法规授权的组织。")
    basis = Basis(ACT, "2")
    remedy = N_("由主管它的政府部门申请；法律、法规有授权的，先把授权登记到机构信息。")


class FieldsUnknown(Refusal):
    """Asked for items that the entry does not have."""

    code = "sharing.fields_unknown"
    kind = "invalid"
    sentence = N_("“{name}”没有这些数据项：{unknown}。")
    basis = Basis(ACT, "20")
    remedy = N_("可以申请的数据项：{known}。")


class FieldsMissing(Refusal):
    """A grant without items would be a grant of everything or of nothing."""

    code = "sharing.fields_missing"
    kind = "invalid"
    sentence = N_("没有写明要共享哪些数据项。")
    basis = Basis(ACT, "20")
    remedy = N_("可以申请的数据项：{known}。")


class KeyDropped(Refusal):
    """The key stays in the grant: without it no use could be shown to the person it is about."""

    code = "sharing.key_dropped"
    kind = "invalid"
    sentence = N_("主键“{key}”不能去掉，否则使用记录对不上本人。")
    basis = Basis("个人信息保护法", "45")
    remedy = N_("把“{key}”加进数据项；不需要看到它的，把它设为遮盖。")


class MaskUnknown(Refusal):
    """No such mask."""

    code = "sharing.mask_unknown"
    kind = "invalid"
    sentence = N_("没有“{mask}”这种遮盖方式。")
    remedy = N_("可用的：{known}。")


class MaskLoosened(Refusal):
    """A grant shows at most what the catalogue's default shows, unless the provider's answer decided more."""

    code = "sharing.mask_loosened"
    sentence = N_("数据项{fields}的遮盖比目录默认的宽，提供部门的答复里没有同意。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("用目录默认的或者更严的遮盖；确需放宽的，请提供部门在答复中逐项同意。")


class UntilUnfit(Refusal):
    """Every sharing has an end (使用时限)."""

    code = "sharing.until_unfit"
    kind = "invalid"
    sentence = N_("使用时限要在{earliest}到{latest}之间，现在是{until}。")
    basis = Basis(ACT, "20")
    remedy = N_("写一个这个范围内的日期；到期仍需要的，可以再申请。")


class PurposeUnknown(Refusal):
    """Purposes are a list, so that a person can be told each use in words."""

    code = "sharing.purpose_unknown"
    kind = "not_found"
    sentence = N_("没有“{purpose}”这个用途。")
    basis = Basis(ACT, "20")
    remedy = N_("可用的用途：{known}。")


class PurposeNotApproved(Refusal):
    """Uses that the person is not told of stand on a closed list, approved by two bodies."""

    code = "sharing.purpose_not_approved"
    sentence = N_("用途“{purpose}”的使用不告知本人，还没有经{missing}批准。")
    basis = Basis("个人信息保护法", "35")
    remedy = N_("由数据主管部门和保密部门分别批准后再用。")


class RegionUnfit(Refusal):
    """Rows are narrowed by a division's prefix code."""

    code = "sharing.region_unfit"
    kind = "invalid"
    sentence = N_("行范围要写行政区划代码（2、4、6、9或12位），现在是“{region}”。")
    remedy = N_("例如听澜区写890102；不限区划就不写。")


class RuleNamesSomebody(Refusal):
    """A rule stands in the ledger for ever and is read by both sides: it says what holds, never who is meant."""

    code = "sharing.rule_names_somebody"
    kind = "invalid"
    sentence = N_("行规则里写了“{items}”的具体值，等于点名了某个人或单位。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("用户籍、年龄、状态这样的条件来写；只查某一个人的，调用时给出号码即可。")


class RowRuleStale(Refusal):
    """Between the answer and the delivery the entry changed, and its new version reads the rule otherwise."""

    code = "sharing.row_rule_stale"
    kind = "conflict"
    sentence = N_("目录改到第{version}版以后，行规则读不成原来的意思了：{rule}。")
    basis = Basis(ACT, "17")
    remedy = N_("请需求部门撤回这份申请，按现行目录重新写规则再申请。")


class RateUnfit(Refusal):
    """The rate of a grant has bounds."""

    code = "sharing.rate_unfit"
    kind = "invalid"
    sentence = N_("调用频次要在每分钟1到{most}次之间，现在是{rate}次。")
    remedy = N_("按业务量写；整批需要的，用批量交换。")


class ClientUnfit(Refusal):
    """The machine client is revoked, or belongs to another agency than the request's."""

    code = "sharing.client_unfit"
    sentence = N_("客户端{client}不属于申请部门{agency}，或者已经停用。")
    basis = Basis(ACT, "25")
    remedy = N_("用申请部门自己的、没有停用的客户端。")


class GrantUnknown(Refusal):
    """No grant of this number that the viewer may see."""

    code = "sharing.grant_unknown"
    kind = "not_found"
    sentence = N_("没有找到共享授权{grant}。")
    remedy = N_("核对授权编号。")


class GrantUnruled(Refusal):
    """A grant that gives every row of its division."""

    code = "sharing.grant_unruled"
    kind = "invalid"
    sentence = N_("授权{grant}没有行规则，授权范围内的行都给。")
    remedy = N_("要按规则给，请结束这项授权，重新申请时写明行规则。")


class GrantStepNotOpen(Refusal):
    """The life of a grant has one table of transitions."""

    code = "sharing.grant_step_not_open"
    kind = "conflict"
    sentence = N_("授权{grant}现在是“{state}”，不能{step}。")
    basis = Basis(ACT, "27")
    remedy = N_("现在能做的：{open}。")


class EndingUnfounded(Refusal):
    """Art. 27: a provider ends or changes a sharing only with a reason, after talk, and filed."""

    code = "sharing.ending_unfounded"
    kind = "invalid"
    sentence = N_("终止共享还缺：{missing}。")
    basis = Basis(ACT, "27")
    remedy = N_("写明正当理由，与需求部门协商，报同级数据主管部门备案，再终止。")


class MisuseNotSuspended(Refusal):
    """Art. 27: misuse is first suspended with a term to mend; only then may it be ended."""

    code = "sharing.misuse_not_suspended"
    sentence = N_("超范围使用的，先暂停并督促限期整改；拒不整改或者整改不到位的才可以终止。")
    basis = Basis(ACT, "27")
    remedy = N_("先暂停授权{grant}，写明整改要求。")


class ReasonNeeded(Refusal):
    """Suspending, resuming and ending need words that the other side can act on."""

    code = "sharing.reason_needed"
    kind = "invalid"
    sentence = N_("请写明{what}的理由。")
    basis = Basis(ACT, "27")
    remedy = N_("用一两句话写清楚事实和依据。")


class PolicyForbids(Refusal):
    """The policies as an auditor reads them do not allow this grant."""

    code = "sharing.policy_forbids"
    sentence = N_("访问策略不允许这项授权：{reason}。")
    basis = Basis(ACT, "35")
    remedy = N_("缩小数据项或者范围，或者换一个依法成立的用途。")


class GrantStands(Refusal):
    """The client has a live grant of this resource for this purpose and these rows."""

    code = "sharing.grant_stands"
    kind = "conflict"
    sentence = N_("客户端{client}已有“{name}”用于“{purpose}”的授权{grant}。")
    basis = Basis(ACT, "25")
    remedy = N_("直接使用授权{grant}；范围要变的，先结束它再重新申请。")
