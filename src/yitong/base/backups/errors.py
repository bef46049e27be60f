"""What backups refuses."""

from yitong.kernel.errors import N_, Refusal


class NodeNotEmpty(Refusal):
    """A restore never mixes with what is there."""

    code = "restore_not_empty"
    kind = "conflict"
    sentence = N_("这里已经有一个节点（{found}），备份只能恢复到空的节点，什么也没有改变。")
    remedy = N_("用 --data 换一个新目录；用自己的服务器的，另建一个空的数据库并改 DATABASE_URL。")


class BackupTooNew(Refusal):
    """The backup's tables are of a later release than this program."""

    code = "restore_program_too_old"
    kind = "conflict"
    sentence = N_("备份比这一版程序新（多出 {migration}），什么也没有恢复。")
    remedy = N_("换用写下这份备份的那一版程序（{version}）或更新的版本。")


class ServerTooOld(Refusal):
    """PostgreSQL reads dumps of older servers, not of newer ones."""

    code = "restore_server_too_old"
    kind = "conflict"
    sentence = N_("备份来自 PostgreSQL {theirs}，这里的服务器是 {ours}，装不进去，什么也没有恢复。")
    remedy = N_("换用 PostgreSQL {theirs} 或更新的服务器。")


class KeysOfAnotherNode(Refusal):
    """The key store here did not sign this backup."""

    code = "restore_keys_differ"
    kind = "conflict"
    sentence = N_(
        "这份备份由节点 {theirs} 签名，而这里的密钥库属于 {ours}，打不开它，什么也没有恢复。"
    )
    remedy = N_(
        "换一个空目录，用那个节点的密钥副本（--keys）；节点有自定名称的，设置 YITONG_NODE。"
    )


class RestoredLedgerBroken(Refusal):
    """The dump is what was signed, and yet its ledger does not fit the checkpoint signed with it."""

    code = "restore_ledger_broken"
    kind = "unavailable"
    sentence = N_("数据已经恢复，但账本与检查点不符：{fault}。节点不会启动。")
    remedy = N_("用 yitong ledger verify 看全部不符之处，换另一份备份恢复到新的目录。")
