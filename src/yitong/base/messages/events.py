"""What messages records: keys, channels, counts and reasons; never an address, never what was said."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

QUEUED = Event(
    "messages.queued",
    N_("给{recipient}发消息“{template}”"),
    ("template", "recipient", "channels", "matter"),
)
SENT = Event("messages.sent", N_("消息经{channel}送出，第{attempt}次"), ("channel", "attempt"))
DELIVERED = Event("messages.delivered", N_("消息经{channel}送达"), ("channel",))
FAILED = Event(
    "messages.failed",
    N_("消息经{channel}没有送出（{reason}），第{attempt}次"),
    ("channel", "attempt", "reason"),
)
GIVEN_UP = Event(
    "messages.given_up",
    N_("消息经{channel}不再尝试（{reason}），共{attempt}次"),
    ("channel", "attempt", "reason"),
)
WITHDRAWN = Event(
    "messages.withdrawn", N_("消息不再经{channel}送出（{reason}）"), ("channel", "reason")
)
RETRIED = Event("messages.retried", N_("重新经{channel}送出消息"), ("channel",))
READ = Event("messages.read", N_("{recipient}已读消息"), ("recipient",))
DISPOSED = Event(
    "messages.disposed",
    N_("按保存期限删除：消息内容{texts}条，投递记录{deliveries}条"),
    ("texts", "deliveries", "messages", "texts_before", "deliveries_before", "sources"),
)
PREFERENCES_SET = Event(
    "messages.preferences_set",
    N_("设置消息方式：邮件{mail}，短信{sms}，免打扰{quiet_from}至{quiet_until}"),
    ("mail", "sms", "quiet_from", "quiet_until", "language"),
)
