"""What the bureau's pages refuse by themselves."""

from yitong.kernel.errors import N_, Refusal


class VersionMoved(Refusal):
    """The entry was changed between the page that asked and the button that said yes."""

    code = "bureau.version_moved"
    kind = "conflict"
    sentence = N_("“{name}”在您核对的时候改成了第{version}版，这一步没有做。")
    remedy = N_("回到目录页，看过新的一版再办。")


class StepUnknown(Refusal):
    """An address that names no step."""

    code = "bureau.step_unknown"
    kind = "not_found"
    sentence = N_("没有“{step}”这一步。")
    remedy = N_("从目录页上的按钮进来。")


class GrantUnseen(Refusal):
    """No grant of this number that this post may see."""

    code = "bureau.grant_unseen"
    kind = "not_found"
    sentence = N_("没有第{number}号授权，或者它不归您的部门管。")
    remedy = N_("从目录页的“谁在用”里进来。")


class RequestUnseen(Refusal):
    """No request of this number that this post may see."""

    code = "bureau.request_unseen"
    kind = "not_found"
    sentence = N_("没有第{number}号共享申请，或者它不归您的部门管。")
    remedy = N_("从“共享申请”的列表里进来。")


class NobodysPost(Refusal):
    """A working account without a post acts for no agency."""

    code = "bureau.nobodys_post"
    sentence = N_("这个账号现在没有岗位，不能进数据局。")
    remedy = N_("请安全管理员任命岗位后再登录。")
