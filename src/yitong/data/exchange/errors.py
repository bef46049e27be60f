"""What a governed read is refused for. `status` is the HTTP status where the kind does not say it."""

from collections.abc import Callable
from typing import ClassVar, Final

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

_ITEMS: Final = N_("这项授权可以要的数据项：{items}。需要更多时重新提出共享申请。")


class NotGranted(Refusal):
    """No grant covers this call: the policy's reason is in `policies`.

    Where items were asked for that the grant does not have, `items` says which it has.
    """

    code = "not_granted"
    sentence = N_("没有给：{reason}。")
    basis = Basis("政务数据共享条例", "25")
    remedy = N_("按批准的目的、字段和期限使用；需要更多时重新提出共享申请。")

    worded = ("reason",)

    def __init__(self, reason: str, policies: tuple[str, ...] = (), *, items: str = "") -> None:
        super().__init__(reason=reason, items=items)
        self.policies = policies

    def say_remedy(self, translate: Callable[[str], str] = str) -> str:
        if items := self.places["items"]:
            return translate(_ITEMS).format(items=items)
        return super().say_remedy(translate)


class RateExceeded(Refusal):
    """More calls in this minute than the grant allows."""

    code = "rate_exceeded"
    kind = "unavailable"
    sentence = N_("这一分钟的调用已经用完，授权每分钟{limit}次。")
    remedy = N_("{seconds}秒后再调用。")
    status: ClassVar[int] = 429

    def __init__(self, *, limit: int, seconds: int) -> None:
        super().__init__(limit=limit, seconds=seconds)
        self.retry_after = seconds


class RowUnknown(Refusal):
    """Nothing with this key that the grant may show."""

    code = "row_unknown"
    kind = "not_found"
    sentence = N_("在授权的范围内没有这一行。")
    remedy = N_("核对号码；本次查询也已记录。")


class RecordNotDurable(Refusal):
    """The usage record could not be written, so no data leaves."""

    code = "record_not_durable"
    kind = "unavailable"
    sentence = N_("使用记录没有写成，所以没有给出数据。")
    remedy = N_("稍后再调用；没有给出的数据不计入使用。")


class RegisterStale(Refusal):
    """The process does not hear of changed grants, so it answers nothing."""

    code = "register_stale"
    kind = "unavailable"
    sentence = N_("暂时不能确认授权是否仍然有效，所以没有给出数据。")
    remedy = N_("几秒后再调用；一直这样时请运维人员运行 yitong doctor。")


class CallMalformed(Refusal):
    """A call that cannot be understood."""

    code = "call_malformed"
    kind = "invalid"
    sentence = N_("调用的写法不对：{detail}。")
    remedy = N_("对照 /api/openapi.json 里的例子。")


class UseUnknown(Refusal):
    """No such use of this person's data that may be shown to her."""

    code = "use_unknown"
    kind = "not_found"
    sentence = N_("您的足迹里没有这条记录。")
    remedy = N_("从“我的数据足迹”里下载凭证。")


class LookUnfounded(Refusal):
    """A row is opened for one of the listed ends only; the person reads which."""

    code = "look_unfounded"
    kind = "invalid"
    sentence = N_("没有选为什么要看这一行。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("选一项；本人会在数据足迹里看到。")


class TooManyToOpen(Refusal):
    """Counting by opening is bounded: each opened row is a use that its person reads."""

    code = "too_many_to_open"
    kind = "invalid"
    sentence = N_("要打开的行超过{most}行，不逐行打开来数。")
    basis = Basis("个人信息保护法", "6")
    remedy = N_("用上面的上限；或者先加明文的条件，把范围缩小。")


class CountTooLong(Refusal):
    """The table is too large to be counted while somebody waits."""

    code = "count_too_long"
    kind = "unavailable"
    sentence = N_("{seconds}秒里没有数完，表太大了。")
    remedy = N_("在节点上运行 yitong predicate count，可以等它数完。")


class RowsInPlace(Refusal):
    """Rows that stay at their source are read one by one, never counted."""

    code = "rows_in_place"
    kind = "invalid"
    sentence = N_("“{name}”的行不在这个节点上，数不了放行多少行。")
    remedy = N_("可以说清某一行为什么放行；要数的，把数据载入节点。")


class DataDestroyed(Refusal):
    """The keys of the resource's rows are gone: nobody can read them, here or in any backup."""

    code = "data_destroyed"
    kind = "not_found"
    sentence = N_("这个资源的数据已经依法销毁，谁也不能再读取。")
    basis = Basis("个人信息保护法", "47")
    remedy = N_("向提供部门询问有没有接续的资源；销毁的时间、经办人和原因记在账本里。")


class GrantsStand(Refusal):
    """Somebody relies on the data that are to be destroyed."""

    code = "destruction_grants_stand"
    kind = "conflict"
    sentence = N_("“{resource}”还有没有终止的授权：{grants}，不能销毁。")
    basis = Basis("政务数据共享条例", "27")
    remedy = N_("先由提供部门或数据主管部门终止这些授权（停用目录会一并终止），再销毁。")


class DestructionUnfounded(Refusal):
    """What cannot be undone has a reason on record."""

    code = "destruction_unfounded"
    kind = "invalid"
    sentence = N_("没有写明销毁的原因。")
    remedy = N_("写明依据和原因，如“共享目的已经实现，保存期限届满”。")
