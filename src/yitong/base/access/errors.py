"""What access refuses."""

from yitong.base.access.reasons import ACTIONS
from yitong.kernel.errors import N_, Refusal, Way
from yitong.kernel.law import Basis


class NotAllowed(Refusal):
    """No policy allows it, or one forbids it; carries the policies and their article."""

    code = "not_allowed"
    worded = ("action",)
    kind = "refused"
    sentence = N_("不能{action}：{reason}。")
    remedy = N_("请由有这项权限的人办理；岗位设置有误时，请安全管理员调整。")

    def __init__(
        self, action: str, *, reason: str, basis: Basis | None, policies: tuple[str, ...]
    ) -> None:
        told = reason or N_("没有任何策略允许")
        super().__init__(action=ACTIONS.get(action, action), reason=told)
        self.action = action
        self.policies = policies
        self.basis = basis


class StepUpNeeded(Refusal):
    """The person may, but must first log in at a higher 实名 level; doors offer that and come back."""

    code = "step_up_needed"
    worded = ("action",)
    kind = "refused"
    sentence = N_("{action}需要实名等级{needed}级，您这次登录是{held}级。")
    basis = Basis("国务院关于在线政务服务的若干规定", "5")
    remedy = N_(
        "请用统一身份认证按{needed}级重新认证一次，认证后回到这里接着办；也可以带证件到窗口办。"
    )

    def __init__(self, action: str, *, needed: int, held: int) -> None:
        super().__init__(action=ACTIONS.get(action, action), needed=needed, held=held)
        self.needed = needed
        self.way = Way("sign_on", N_("去统一身份认证"), {"level": str(needed)})


class KeyReused(Refusal):
    """The same idempotency key came with another request."""

    code = "once_key_reused"
    kind = "conflict"
    sentence = N_("幂等键“{key}”已经用于另一个内容不同的请求。")
    remedy = N_("重发同一个请求时内容必须一字不差；新的请求请换一个新的幂等键。")


class StillRunning(Refusal):
    """The first request with this key has not ended yet."""

    code = "once_still_running"
    kind = "conflict"
    sentence = N_("使用幂等键“{key}”的请求还在办理。")
    remedy = N_("稍等几秒，用同一个幂等键再发一次，会得到第一次的结果。")


class OnceKeyInvalid(Refusal):
    """A key that cannot be kept as it is."""

    code = "once_key_invalid"
    kind = "invalid"
    sentence = N_("幂等键应当是1到255个可见的ASCII字符。")
    remedy = N_("建议每个新请求用一个新的UUID。")
