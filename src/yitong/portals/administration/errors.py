"""What the administration's pages refuse by themselves."""

from yitong.kernel.errors import N_, Refusal


class NotOfThisDoor(Refusal):
    """The post has nothing to do here."""

    code = "administration.not_of_this_door"
    sentence = N_("您现在的岗位不管机构、岗位和账号，也不办代办登记。")
    remedy = N_("换一个岗位再进；岗位设置有误时，请安全管理员调整。")


class StepUnknown(Refusal):
    """An address that names no step."""

    code = "administration.step_unknown"
    kind = "not_found"
    sentence = N_("没有“{step}”这一步。")
    remedy = N_("从岗位或者账号的页面上的按钮进来。")
