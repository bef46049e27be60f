"""What jobs refuses."""

from yitong.kernel.errors import N_, Refusal


class UnknownReaction(Refusal):
    """No app declares a reaction of this name."""

    code = "unknown_reaction"
    kind = "not_found"
    sentence = N_("没有名为“{name}”的后续处理。")
    remedy = N_("请核对名称；运行 yitong doctor 可看到全部名称。")


class UnknownSchedule(Refusal):
    """No app declares a schedule of this name."""

    code = "unknown_schedule"
    kind = "not_found"
    sentence = N_("没有名为“{name}”的定时任务。")
    remedy = N_("请核对名称；运行 yitong doctor 可看到全部名称。")


class NotParked(Refusal):
    """Nothing is set aside at this index."""

    code = "not_parked"
    kind = "not_found"
    sentence = N_("“{name}”没有搁置账本第{index}条。")
    remedy = N_("可能已经重新处理完毕，请刷新后再看。")
