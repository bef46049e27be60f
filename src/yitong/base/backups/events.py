"""What backups records."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

STARTED = Event("backups.started", N_("开始备份{backup}"), ("backup",))
MADE = Event(
    "backups.made",
    N_("完成备份{backup}：账本到第{ledger_size}条，{files}个文件，清单摘要{digest}"),
    ("backup", "digest", "ledger_size", "files", "bytes"),
)
RESTORED = Event(
    "backups.restored",
    N_(
        "从{made_at}的备份{backup}恢复：账本到第{ledger_size}条，已知丢失{lost}条，清单摘要{digest}"
    ),
    ("backup", "digest", "made_at", "ledger_size", "lost"),
)

EVENTS = (STARTED, MADE, RESTORED)
