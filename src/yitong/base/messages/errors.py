"""What messages refuses."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class FactLooksPersonal(Refusal):
    """A fact that looks like somebody's own. The refusal never repeats it."""

    code = "fact_looks_personal"
    kind = "invalid"
    sentence = N_("消息里不能有{kind}：事实“{name}”看起来是。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("只放编号、日期、数目和机构代码；个人信息在登录以后的页面里看。")


class FactsDoNotFit(Refusal):
    """Facts are missing, too many, or of another kind than the template declares."""

    code = "facts_do_not_fit"
    kind = "invalid"
    sentence = N_("消息模板“{template}”的事实不对：{names}。")
    remedy = N_("请按模板声明的名称和类型给出每一项事实。")


class KeyLooksPersonal(Refusal):
    """An idempotency key or a matter's key holds what looks like somebody's."""

    code = "message_key_looks_personal"
    kind = "invalid"
    sentence = N_("消息的键里不能有{kind}。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("键只用编号、代码和假名。")


class MessageKeyReused(Refusal):
    """The same key to the same recipient with another content."""

    code = "message_key_reused"
    kind = "conflict"
    sentence = N_("这个键已经给同一收件人发过另一条消息。")
    remedy = N_("同一件事重发用原来的内容；另一件事请换一个键。")


class RecipientUnclear(Refusal):
    """A recipient is one account or one post."""

    code = "recipient_unclear"
    kind = "invalid"
    sentence = N_("收件人要么是一个账号，要么是一个岗位。")
    remedy = N_("请只给出其中一个。")


class UnknownMessage(Refusal):
    """No such message, or not the reader's: which of both is not said."""

    code = "unknown_message"
    kind = "not_found"
    sentence = N_("没有这条消息，或者它不是给您的。")
    remedy = N_("请回到“消息”列表。")


class NotAnInbox(Refusal):
    """Operators and the node itself have no inbox and no preferences."""

    code = "no_inbox"
    kind = "refused"
    sentence = N_("只有个人账号和工作人员账号有消息。")
    remedy = N_("请用自己的账号登录。")


class QuietHoursMalformed(Refusal):
    """Quiet hours are two times of the day."""

    code = "quiet_hours_malformed"
    kind = "invalid"
    sentence = N_("免打扰时间要写成几点到几点，例如 22:00 到 08:00。")
    remedy = N_("两个时间一样表示不设免打扰。")


class KeepingTooShort(Refusal):
    """The node is set to keep something for a shorter time than its least, or for no number of months."""

    code = "keeping_too_short"
    kind = "invalid"
    sentence = N_("{name} 要写至少 {least} 个月，只写数字。")
    remedy = N_("改正设置后重新启动；在这之前什么都不删除。")


class UnknownDelivery(Refusal):
    """No such delivery."""

    code = "unknown_delivery"
    kind = "not_found"
    sentence = N_("没有编号为 {number} 的投递。")
    remedy = N_("用 yitong messages list 查看编号。")


class NotGivenUp(Refusal):
    """Only a dead letter is sent again by hand."""

    code = "delivery_not_given_up"
    kind = "conflict"
    sentence = N_("投递 {number} 没有停止：它会自己再试，或者已经送出。")
    remedy = N_("只有“不再尝试”的投递需要人来重发。")
