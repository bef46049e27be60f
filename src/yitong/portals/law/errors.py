"""What the law's pages refuse by themselves."""

from yitong.kernel.errors import N_, Refusal


class YearNotLoaded(Refusal):
    """No calendar of this year is loaded."""

    code = "law.year_not_loaded"
    kind = "not_found"
    sentence = N_("没有 {year} 年的工作日历，只有 {first} 至 {last} 年的。")
    remedy = N_("从工作日历的页面上选一年。")
