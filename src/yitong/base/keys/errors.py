"""What keys refuses. No sentence ever carries key material."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class KeyStoreMissing(Refusal):
    """The database has keys that only the missing store can open: new ones would lose the data for good."""

    code = "key_store_missing"
    kind = "unavailable"
    sentence = N_("密钥库不在{place}，但数据库里已有用它封存的密钥。")
    remedy = N_(
        "把密钥库的备份放回{place}（目录权限0700，文件0600），或者用 YITONG_KEYS 指向它所在的目录。"
        "不要新建密钥库：新密钥打不开已有的数据。"
    )


class KeysNotInitialised(Refusal):
    """Neither store nor keys: the node has never been started whole."""

    code = "keys_not_initialised"
    kind = "unavailable"
    sentence = N_("这个节点还没有密钥。")
    remedy = N_("先用 yitong run 启动一次节点，它会在{place}建立密钥库并记入账本。")


class KeyStoreUnsafe(Refusal):
    """Others on the machine could read the keys."""

    code = "key_store_unsafe"
    kind = "refused"
    sentence = N_("密钥库不安全，不能使用：{fault}。")
    basis = Basis("政务数据共享条例", "35")
    remedy = N_("先确认没有别人读过这些密钥，再执行 {fix}。有疑问时轮换主密钥。")


class KeyStoreDamaged(Refusal):
    """A key file that cannot be what was written."""

    code = "key_store_damaged"
    kind = "unavailable"
    sentence = N_("密钥文件{file}已损坏：{fault}。")
    remedy = N_("从密钥库的备份恢复这个文件。不要删除它，也不要新建密钥库。")


class KeyStoreStrange(Refusal):
    """A store that belongs to another node's database."""

    code = "key_store_strange"
    kind = "unavailable"
    sentence = N_(
        "{place}的密钥库打不开这个数据库的密钥：两者不属于同一个节点，或者缺少第{version}版主密钥。"
    )
    remedy = N_(
        "核对 YITONG_KEYS、YITONG_DATA 和 DATABASE_URL 是否指向同一个节点，或恢复正确的密钥库备份。"
    )


class KeyDestroyed(Refusal):
    """What was sealed under this key is gone for everybody."""

    code = "key_destroyed"
    kind = "not_found"
    sentence = N_("“{scope}”的密钥已经销毁，用它封存的内容不能再读取，也不能再写入。")
    basis = Basis("个人信息保护法", "47")
    remedy = N_("这是不可恢复的。销毁的时间、经办人和原因记在账本里。")


class KeyScopeUnknown(Refusal):
    """A scope under which nothing was ever sealed."""

    code = "key_scope_unknown"
    kind = "not_found"
    sentence = N_("“{scope}”没有数据密钥：还没有封存过任何内容。")
    remedy = N_("核对范围的写法，例如 resource:17；第一次封存时会自动建立密钥。")


class SealBroken(Refusal):
    """The sealed value was changed, moved to another row, or sealed by a key that is not here."""

    code = "seal_broken"
    kind = "unavailable"
    sentence = N_("封存的内容打不开：它被改动过、被挪了位置，或者不是用这个节点的密钥封存的。")
    remedy = N_(
        "保留现场，请管理员运行 yitong doctor 和 yitong ledger verify，再从备份核对这一行。"
    )


class MasterInUse(Refusal):
    """An old master key on which wrapped keys still depend."""

    code = "key_master_in_use"
    kind = "conflict"
    sentence = N_("第{version}版主密钥还不能移除：{reason}。")
    remedy = N_("先轮换主密钥并等全部密钥重新封装完，再移除旧版。")


class PseudonymVersionsExhausted(Refusal):
    """The version is one byte in every pseudonym."""

    code = "pseudonym_versions_exhausted"
    kind = "conflict"
    sentence = N_("假名密钥的版本已经用完（最多255版）。")
    remedy = N_("先停用不再查询的旧版，并联系维护者安排换用新的格式。")


class PseudonymVersionInUse(Refusal):
    """Only a superseded version may be retired."""

    code = "pseudonym_version_in_use"
    kind = "conflict"
    sentence = N_("第{version}版假名密钥不能停用：{reason}。")
    remedy = N_("先增加新版，等使用记录全部换用新版以后再停用旧版。")


class PassphraseWeak(Refusal):
    """Whoever finds the copy may guess for as long as they like."""

    code = "key_passphrase_weak"
    kind = "invalid"
    sentence = N_("口令太短，至少要{shortest}个字符。")
    remedy = N_("用几个不相干的词，或由程序随机产生；口令和密钥副本分开保管。")


class KeyCopyLocked(Refusal):
    """A wrong passphrase and a changed file look the same: both are kept out."""

    code = "key_copy_locked"
    kind = "refused"
    sentence = N_("打不开密钥副本：口令不对，或者文件被改动过。")
    remedy = N_("核对口令（大小写、空格、输入法）；确认口令没有错的，换另一份副本。")


class KeyCopyDamaged(Refusal):
    """No copy of a key store."""

    code = "key_copy_damaged"
    kind = "invalid"
    sentence = N_("这个文件不是密钥副本，或者已经损坏。")
    remedy = N_("换另一份由 yitong keys export 写下的副本。")


class KeysDiffer(Refusal):
    """Other keys stand where the copy's should go; neither is ever written over."""

    code = "keys_differ"
    kind = "conflict"
    sentence = N_("{place} 里已有另外的密钥（{file}），没有导入任何密钥。")
    remedy = N_("核对 YITONG_KEYS 和 --data 是否指向这个节点；确实要换的，先把那个目录移到别处。")


class KeysStayInside(Refusal):
    """A device keeps its keys: they are copied by the device's own means."""

    code = "keys_stay_inside"
    kind = "refused"
    sentence = N_("密钥在密码设备里，不能导出。")
    remedy = N_("用设备自己的备份办法。")
