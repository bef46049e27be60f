"""What statutes refuses."""

from collections.abc import Callable

from yitong.kernel.errors import N_, Refusal


class SaysWhy(Refusal):
    """A refusal whose reason `why` is a sentence of its own, in the reader's language too."""

    def say(self, translate: Callable[[str], str] = str) -> str:
        why = translate(str(self.places["why"]))
        return translate(self.sentence).format(**self.places | {"why": why})


class UnknownLimit(Refusal):
    """No row of the register has this key."""

    code = "unknown_limit"
    kind = "not_found"
    sentence = N_("时限登记簿里没有「{key}」。")
    remedy = N_("用 yitong statutes list 查看全部时限。")


class LimitSplit(Refusal):
    """The row has several periods, each with a key of its own."""

    code = "limit_split"
    kind = "not_found"
    sentence = N_("「{key}」含有几个期限，分别是 {parts}。")
    remedy = N_("请写明是其中哪一个。")


class LimitIsNoPeriod(Refusal):
    """The row names procedures whose time is not counted; it is no period itself."""

    code = "limit_is_no_period"
    kind = "not_found"
    sentence = N_("「{key}」不是期限，而是所需时间不计入期限的程序：{procedures}。")
    remedy = N_("查询它所停止的期限：{limits}。")


class LimitNotInForce(Refusal):
    """The key is known, and no row of it was in force on the day."""

    code = "limit_not_in_force"
    kind = "not_found"
    sentence = N_("「{key}」在 {on} 没有有效的规定；登记的有效期间：{times}。")
    remedy = N_("请核对起始日期；更早的规定可用 yitong statutes add 登记。")


class LimitNotHere(Refusal):
    """The limit is another region's own."""

    code = "limit_not_here"
    kind = "not_found"
    sentence = N_("「{key}」是地方规定的时限，只在 {regions} 有效。")
    remedy = N_("用 --region 写明区划。")


class LimitsConflict(Refusal):
    """Two rows of one key and region would be in force on one day."""

    code = "limits_conflict"
    kind = "conflict"
    sentence = N_("「{key}」在区划「{region}」有两条同时有效的规定：{times}。")
    remedy = N_("请让前一条在后一条生效之前结束。")


class LimitWithoutAct(Refusal):
    """A limit rests on an act that the register does not know, or on none."""

    code = "limit_without_act"
    kind = "invalid"
    sentence = N_("时限「{key}」没有依据：登记簿里没有「{act}」这部规定。")
    remedy = N_("写明依据的名称和条款；新的地方规定请同时写明它的种类和施行日期。")


class LimitMalformed(SaysWhy):
    """A limit that cannot be meant."""

    code = "limit_malformed"
    kind = "invalid"
    sentence = N_("时限「{key}」填写有误：{why}。")
    remedy = N_("请更正后重新提交。")


class LimitOfRelease(Refusal):
    """A region's limit that comes with the release is corrected by a release."""

    code = "limit_of_release"
    kind = "conflict"
    sentence = N_("「{key}」在区划「{region}」的规定随版本发布，不能在这里终止。")
    remedy = N_("规定有变化的，请报告给版本的维护者；新版本会更正它。")


class LimitLaxer(Refusal):
    """A region may be stricter than the nation, not laxer, unless the law leaves it to the region."""

    code = "limit_laxer"
    kind = "refused"
    sentence = N_("「{key}」上级规定为 {above}，地方不得放宽为 {local}。")
    remedy = N_("请改为更严的时限，或在上级规定授权的范围内填写。")


class RegionWithoutSuccessor(Refusal):
    """A division is no more, and following its successors leads in a circle."""

    code = "region_without_successor"
    kind = "conflict"
    sentence = N_("区划「{code}」已撤销，它的承继区划互相指向，无法确定。")
    remedy = N_("请直接写明现行区划的代码。")


class ClockDoesNotStop(Refusal):
    """A day of the year, a day before an event and a retention cannot be stopped or extended."""

    code = "clock_does_not_stop"
    kind = "conflict"
    sentence = N_("「{key}」不是可以中止或者延长的期限。")
    remedy = N_("请核对时限的种类。")


class ExtensionTooLong(Refusal):
    """An extension beyond what the law allows."""

    code = "extension_too_long"
    kind = "refused"
    sentence = N_("「{key}」最多延长 {most}，不能延长 {asked}。")
    remedy = N_("请在法定范围内延长。")


class DateOutOfReach(Refusal):
    """A slip of the pen: no period of any law reaches so far."""

    code = "date_out_of_reach"
    kind = "invalid"
    sentence = N_("从 {start} 起算的期限超出了可计算的范围。")
    remedy = N_("请核对起始日期。")


class CalendarMalformed(SaysWhy):
    """A calendar file that cannot be meant, with the line at fault."""

    code = "calendar_malformed"
    kind = "invalid"
    sentence = N_("工作日历文件第 {line} 行有误：{why}。")
    remedy = N_(
        "每行写明 date、kind（workday、weekend、statutory、adjusted_off、adjusted_on），可加 status、name、source。"
    )


class CalendarTooLarge(Refusal):
    """No calendar: an announced year is a few lines."""

    code = "calendar_too_large"
    kind = "invalid"
    sentence = N_("工作日历文件超过 {most} KB。")
    remedy = N_("只写放假和调休上班的日子；几年的分开载入。")


class CalendarIncomplete(Refusal):
    """An announced year without a festival that the law fixes."""

    code = "calendar_incomplete"
    kind = "invalid"
    sentence = N_("{year} 年的工作日历缺少法定节日：{days}。")
    remedy = N_("请按国务院办公厅的通知补全后重新载入。")


class CalendarWouldUnsettle(Refusal):
    """What was announced is not replaced by a guess."""

    code = "calendar_would_unsettle"
    kind = "conflict"
    sentence = N_("{year} 年的工作日历已按正式通知载入，不能换成暂定的。")
    remedy = N_("请载入正式通知的安排。")


class HoursMalformed(Refusal):
    """Office hours that do not run in order."""

    code = "hours_malformed"
    kind = "invalid"
    sentence = N_("办公时间应当按先后排列、互不重叠，例如 09:00-12:00,13:30-17:30。")
    remedy = N_("请更正后重新提交。")


class UnknownCodeTable(Refusal):
    """No code table has this key."""

    code = "unknown_statute_code_table"
    kind = "not_found"
    sentence = N_("没有代码表「{key}」。")
    remedy = N_("请核对代码表的编号。")
