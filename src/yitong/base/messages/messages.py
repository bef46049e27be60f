"""What messages itself tells: that somebody's addresses were changed, in case it was not they."""

from yitong.base.messages.templates import MessageTemplate
from yitong.kernel.errors import N_

CONTACT_CHANGED = MessageTemplate(
    key="messages.contact_changed",
    title=N_("您的联系方式改了"),
    who=N_("系统"),
    why=N_("邮箱或者电话改了，要让本人知道"),
    what=N_("您账号的邮箱或者电话刚刚改过。"),
    todo=N_("是您改的，不用做什么。不是您改的，请马上改密码，并打12345。"),
    urgent=True,
)

MESSAGES = (CONTACT_CHANGED,)
