"""What the ledger records about itself."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

ENTRY_ERASED = Event(
    "ledger.entry_erased", N_("依法删除账本条目，原因：{reason}"), ("indexes", "reason")
)
MONTH_DISPOSED = Event(
    "ledger.month_disposed",
    N_("保存期满，处置{month}的账本条目{entries}条"),
    ("month", "entries", "first_index", "last_index"),
)
TREE_REBUILT = Event(
    "ledger.tree_rebuilt", N_("由承诺值重建账本的树，共{size}条"), ("size", "root")
)
SETTLED = Event(
    "ledger.settled", N_("账本在另一个数据库接续，补编{entries}条"), ("entries", "epoch", "system")
)

REMOVALS = (ENTRY_ERASED.name, MONTH_DISPOSED.name)  # they explain a leaf without its row
EVENTS = (ENTRY_ERASED, MONTH_DISPOSED, TREE_REBUILT, SETTLED)
