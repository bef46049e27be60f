"""What the work-bench refuses by itself."""

from yitong.kernel.errors import N_, Refusal


class NothingChosen(Refusal):
    """A hand-over of no duty."""

    code = "staff.nothing_chosen"
    kind = "invalid"
    sentence = N_("没有选中要转办的事。")
    remedy = N_("回到列表，在每行开头的方框里选中，再点“转办”。")


class NotForCitizens(Refusal):
    """The door of officials."""

    code = "staff.not_for_citizens"
    sentence = N_("工作台是工作人员办事的地方，这个账号没有岗位。")
    remedy = N_("办自己的事请到首页；工作人员请联系安全管理员任命岗位。")
