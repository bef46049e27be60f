"""What the administration's pages refuse by themselves."""

from yitong.kernel.errors import N_, Refusal


class NotOfThisDoor(Refusal):
    """The post has nothing to do here."""

    code = "administration.not_of_this_door"
    sentence = N_("您现在的岗位不管机构、岗位和账号，不办代办登记，也不管时限和日历。")
    remedy = N_("换一个岗位再进；岗位设置有误时，请安全管理员调整。")


class LimitUnknown(Refusal):
    """An address that names no limit of a region."""

    code = "administration.limit_unknown"
    kind = "not_found"
    sentence = N_("没有第{number}号地方时限，或者它已被更正。")
    remedy = N_("从地方时限的页面上选一条。")


class StepUnknown(Refusal):
    """An address that names no step."""

    code = "administration.step_unknown"
    kind = "not_found"
    sentence = N_("没有“{step}”这一步。")
    remedy = N_("从岗位或者账号的页面上的按钮进来。")
