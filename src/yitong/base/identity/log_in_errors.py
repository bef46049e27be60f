"""What is refused about log-ins: sessions, second factors, sign-on services, other systems."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class UnknownSession(Refusal):
    """Not one of the account's own sessions, or over already."""

    code = "unknown_session"
    kind = "not_found"
    sentence = N_("没有这次登录，或者它已经结束。")
    remedy = N_("请刷新“登录与设备”再看。")


class UnknownFactor(Refusal):
    """Not one of the account's own passkeys, authenticators or recovery codes."""

    code = "unknown_factor"
    kind = "not_found"
    sentence = N_("没有这个通行密钥或验证器，或者它已经移除。")
    remedy = N_("请刷新“登录与设备”再看。")


class LastFactor(Refusal):
    """Staff keep at least one second factor."""

    code = "last_factor"
    sentence = N_("这是该账号最后一个第二因素，工作人员账号至少要保留一个。")
    basis = Basis("网络数据安全管理条例", "9")
    remedy = N_("请先添加另一个通行密钥或动态口令验证器，再移除这一个。")


class NoSignOn(Refusal):
    """The node has no sign-on service."""

    code = "no_sign_on"
    kind = "unavailable"
    sentence = N_("本节点没有接入统一身份认证。")
    remedy = N_("请到窗口办理，或者请运维人员接入统一身份认证。")


class AssertionRefused(Refusal):
    """A family: what a sign-on service seems to say is not believed."""

    code = "assertion_refused"
    sentence = N_("统一身份认证的结果不能采信。")


class AssertionForged(AssertionRefused):
    """The signature or the sealing does not hold."""

    code = "assertion_forged"
    sentence = N_("统一身份认证的结果被改动过，或者不是由认证服务签发的，没有登录。")
    remedy = N_("请从本页重新登录；再次出现的，请打12345并说明时间。")


class AssertionExpired(AssertionRefused):
    """Its time is over, or has not come."""

    code = "assertion_expired"
    sentence = N_("统一身份认证的结果已过期，没有登录。")
    remedy = N_("请重新登录，并在几分钟内完成认证。")


class AssertionReplayed(AssertionRefused):
    """It was used before."""

    code = "assertion_replayed"
    sentence = N_("统一身份认证的这个结果已经用过一次，没有登录。")
    remedy = N_("请重新登录；不是您本人操作的，请打12345。")


class AssertionForeign(AssertionRefused):
    """Made for another node or another browser."""

    code = "assertion_foreign"
    sentence = N_("统一身份认证的结果不是给本节点这次登录的，没有登录。")
    remedy = N_("请在同一个浏览器里从本页重新登录。")


class AssertionTooWeak(AssertionRefused):
    """The service answered with a lower level than was asked for."""

    code = "assertion_too_weak"
    sentence = N_("统一身份认证只达到{held}级，这里需要{needed}级。")
    remedy = N_("请在统一身份认证里完成更高等级的核验，再试一次；也可以带证件到窗口办。")


class PersonMismatch(AssertionRefused):
    """The number is known under another name."""

    code = "person_mismatch"
    sentence = N_("统一身份认证给出的姓名与本节点登记的不一致，没有登录。")
    basis = Basis("个人信息保护法", "46")
    remedy = N_("改过姓名的，请带证件到窗口更正登记后再登录。")


class PkceNeeded(Refusal):
    """A system sends people here without a code challenge."""

    code = "pkce_needed"
    kind = "invalid"
    sentence = N_("对方系统的登录请求缺少校验码（PKCE S256），没有继续。")
    remedy = N_("请对方系统的维护单位按接入说明修改；您可以稍后再试。")


class InvalidRedirect(Refusal):
    """An address to which nobody may be sent back."""

    code = "invalid_redirect"
    kind = "invalid"
    sentence = N_("回跳地址须以 https 开头（本机调试可用 http），不能带通配符和片段：{address}")
    remedy = N_("请改正回跳地址后再登记。")
