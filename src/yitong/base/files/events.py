"""What files records. No name and no digest of what was refused: the record must not keep the secret."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

STORED = Event(
    "files.stored",
    N_("保存文件（{media_type}，{size} 字节）。"),
    ("media_type", "size", "sealed", "again"),
)
SECRET_REFUSED = Event(
    "files.secret_refused",
    N_("拒收带有「{mark}」标志的材料，登记号 {reference}。"),
    ("mark", "where", "reference"),
)
INFECTED_REFUSED = Event(
    "files.infected_refused",
    N_("安全扫描发现「{threat}」，拒收。"),
    ("threat", "scanner", "media_type"),
)
SWEPT = Event("files.swept", N_("清理没有登记的残留文件 {removed} 个。"), ("removed",))
REMOVED = Event("files.removed", N_("删除文件（{size} 字节）：{reason}。"), ("size", "reason"))

ALL = (STORED, SECRET_REFUSED, INFECTED_REFUSED, SWEPT, REMOVED)
