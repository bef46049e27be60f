"""What standards refuses."""

from yitong.kernel.errors import N_, Refusal


class UnknownElement(Refusal):
    """No data element has this code."""

    code = "standards_unknown_element"
    kind = "not_found"
    sentence = N_("没有编号为“{element}”的数据元。")
    remedy = N_("按名称或同义词查找数据元。")
