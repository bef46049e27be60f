"""What the ledger refuses."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class EntryUnknown(Refusal):
    """No entry with this number."""

    code = "ledger_entry_unknown"
    kind = "not_found"
    sentence = N_("账本里没有第{number}条。")
    remedy = N_("核对编号；刚刚发生的事一般不到1秒就有编号。")


class NotYetSequenced(Refusal):
    """The entry is durable but has no index yet."""

    code = "ledger_not_yet_sequenced"
    kind = "unavailable"
    sentence = N_("这条记录正在入账，还没有编号。")
    remedy = N_("稍等几秒再下载凭证。一直没有编号时请运行 yitong doctor。")


class CheckpointUnreadable(Refusal):
    """A text that is no checkpoint."""

    code = "ledger_checkpoint_unreadable"
    kind = "invalid"
    sentence = N_("这不是可以读取的账本检查点：{detail}。")
    remedy = N_("检查点从 /ledger/checkpoint 下载，原样保存，不要改动换行。")


class ProofOutOfRange(Refusal):
    """Sizes or indexes that the tree does not have."""

    code = "ledger_proof_out_of_range"
    kind = "invalid"
    sentence = N_("要求的范围不在账本里：{detail}。")
    remedy = N_("先读 /ledger/checkpoint，编号和大小都不能超过它。")


class RetentionNotOver(Refusal):
    """A month that the law says must still be kept."""

    code = "ledger_retention_not_over"
    kind = "refused"
    sentence = N_("{month}的记录要保存到{until}，现在不能处置。")
    basis = Basis("政务数据共享条例", "29")
    remedy = N_("到期以后再处置。")


class RemovalStays(Refusal):
    """An entry that says what was removed from the ledger."""

    code = "ledger_removal_stays"
    kind = "refused"
    sentence = N_("第{number}号记的是账本里删除了什么，不能再删除。")
    remedy = N_("这样的条目里没有个人信息；没有它，账本就不能核对。")


class LedgerElsewhere(Refusal):
    """The database was restored into another cluster and not yet settled."""

    code = "ledger_elsewhere"
    kind = "unavailable"
    sentence = N_("账本是从另一个数据库恢复来的，接续之前不能写入。")
    remedy = N_("运行 yitong ledger settle，或者重新启动节点。")
