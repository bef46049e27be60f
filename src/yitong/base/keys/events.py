"""What keys records: which key did what to which scope, never any key."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

INITIALISED = Event(
    "keys.initialised",
    N_("建立密钥：密钥库“{store}”，主密钥第{master_version}版"),
    ("store", "master_version", "adopted", "ledger_key"),
)
DATA_KEY_CREATED = Event(
    "keys.data_key_created",
    N_("为“{scope}”建立数据密钥{key}"),
    ("scope", "purpose", "key", "algorithm", "master_version"),
)
DATA_KEY_ROTATED = Event(
    "keys.data_key_rotated",
    N_("“{scope}”换用数据密钥{key}，旧密钥{retired}只用于读取"),
    ("scope", "key", "retired", "algorithm"),
)
SCOPE_DESTROYED = Event(
    "keys.scope_destroyed",
    N_("销毁“{scope}”的全部数据密钥，原因：{reason}"),
    ("scope", "keys", "reason"),
)
DESTRUCTION_FINISHED = Event(
    "keys.destruction_finished", N_("补完中断的销毁，删除{keys}个密钥份额"), ("keys",)
)
MASTER_CREATED = Event(
    "keys.master_created", N_("新增主密钥第{master_version}版"), ("master_version",)
)
REWRAPPED = Event(
    "keys.rewrapped",
    N_("用主密钥第{master_version}版重新封装{keys}个密钥"),
    ("master_version", "keys"),
)
MASTER_RETIRED = Event(
    "keys.master_retired", N_("移除主密钥第{master_version}版"), ("master_version",)
)
PSEUDONYMS_ROTATED = Event("keys.pseudonyms_rotated", N_("假名密钥换用第{version}版"), ("version",))
PSEUDONYMS_RETIRED = Event("keys.pseudonyms_retired", N_("停用假名密钥第{version}版"), ("version",))
EXPORTED = Event(
    "keys.exported",
    N_("导出密钥副本：{keys}个密钥，以口令封存，文件摘要{digest}"),
    ("keys", "key_print", "digest"),
)
IMPORTED = Event("keys.imported", N_("从密钥副本导入{keys}个密钥"), ("keys", "key_print"))

EVENTS = (
    INITIALISED,
    DATA_KEY_CREATED,
    DATA_KEY_ROTATED,
    SCOPE_DESTROYED,
    DESTRUCTION_FINISHED,
    MASTER_CREATED,
    REWRAPPED,
    MASTER_RETIRED,
    PSEUDONYMS_ROTATED,
    PSEUDONYMS_RETIRED,
    EXPORTED,
    IMPORTED,
)
