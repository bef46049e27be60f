"""What hosting refuses to do, why, and what the operator can do next."""

from typing import ClassVar

from yitong.kernel.errors import N_, Kind, Refusal


class HostingRefusal(Refusal):
    """A node or its database server cannot be run as asked."""

    code = "hosting_refused"
    kind: ClassVar[Kind] = "unavailable"
    sentence = N_("节点无法运行。")


class ProgramsMissing(HostingRefusal):
    """No PostgreSQL programs where we look for them."""

    code = "postgres_programs_missing"
    sentence = N_("找不到 PostgreSQL 程序：{place}。")
    remedy = N_(
        "执行 make setup 安装内置程序，或用 YITONG_PG_BIN 指定 bin 目录（如 /usr/lib/postgresql/15/bin），"
        "或用 DATABASE_URL 指定已有的服务器。"
    )


class ServerUserUnfit(HostingRefusal):
    """Root must lend the server an existing unprivileged user; the one chosen does not do."""

    code = "server_user_unfit"
    sentence = N_("PostgreSQL 不能以用户 {user} 运行：{why}。")
    remedy = N_("用 YITONG_PG_USER 指定一个已有的非特权用户，或改用普通用户运行节点。")


class DirectoryUnreachable(HostingRefusal):
    """The data lie below a folder which the server's user cannot enter; we never open others' folders."""

    code = "data_directory_unreachable"
    sentence = N_("数据目录 {path} 不可用：用户 {user} 无法进入 {folder}。")
    remedy = N_("用 --data 换一个目录（root 默认为 /var/lib/yitong/），上级目录的权限不会被改动。")


class DirectoryNotOurs(HostingRefusal):
    """The directory cannot be written by whoever starts the node."""

    code = "data_directory_not_ours"
    sentence = N_("数据目录 {path} 不可写：{why}。")
    remedy = N_("用 --data 换一个目录，或以该目录的所有者运行。")


class DirectoryTaken(HostingRefusal):
    """A live supervisor owns the directory."""

    code = "data_directory_taken"
    kind = "conflict"
    sentence = N_("数据目录 {path} 正由进程 {pid} 使用（{since} 起）。")
    remedy = N_("先停止该进程，或用 --data 换一个目录运行第二个节点。")


class VersionsDiffer(HostingRefusal):
    """Data of one major version, programs of another: PostgreSQL cannot read them."""

    code = "postgres_versions_differ"
    sentence = N_("数据目录 {path} 属于 PostgreSQL {data}，程序却是 {programs}，不能启动。")
    remedy = N_(
        "用 YITONG_PG_BIN 指定版本 {data} 的程序；要升级，先用旧版 pg_dump 导出，再导入新的数据目录。"
    )


class LocaleUnfit(HostingRefusal):
    """Chinese has no trigrams in this database, so search would silently find nothing."""

    code = "database_locale_unfit"
    sentence = N_("数据库 {database} 的字符设置（{locale}）不能检索中文：show_trgm('石桥') 为空。")
    remedy = N_(
        "以 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0 重建数据库后再导入数据。"
    )


class ExtensionMissing(HostingRefusal):
    """The operator's server lacks an extension that the node's search and ranges need."""

    code = "database_extension_missing"
    sentence = N_("数据库 {database} 缺少扩展 {extension}：{why}。")
    remedy = N_(
        "请服务器管理员在该数据库执行 CREATE EXTENSION {extension}（Debian 在 postgresql-contrib 中）。"
    )


class DatabaseUnreachable(HostingRefusal):
    """Nobody answers at the database's address."""

    code = "database_unreachable"
    sentence = N_("连不上数据库：{why}。")
    remedy = N_("检查 DATABASE_URL 与服务器是否运行；内置服务器请看数据目录下 log/ 中最新的文件。")


class ServerFailed(HostingRefusal):
    """The server or initdb ended by itself."""

    code = "postgres_failed"
    sentence = N_("PostgreSQL 未能启动：{why}。")
    remedy = N_("请看 {log}；磁盘满、内存不足或数据文件损坏时会这样。修复后重新运行。")


class ChildKeepsDying(HostingRefusal):
    """A process of the node died three times within a minute: going on would hide the fault."""

    code = "child_keeps_dying"
    sentence = N_("{name} 一分钟内退出了 {times} 次（最后一次：{reason}），节点已停止。")
    remedy = N_("请看上方 {name} 的输出，修复后重新运行；yitong doctor 可检查常见原因。")


class ArchiveExists(HostingRefusal):
    """A backup is never written over another file."""

    code = "backup_exists"
    kind = "conflict"
    sentence = N_("{path} 已经存在，备份不会覆盖它。")
    remedy = N_("换一个文件名，或用 --to 指明一个目录，文件名会带上时间。")


class ArchiveUnreadable(HostingRefusal):
    """The file of a backup cannot be opened."""

    code = "backup_unreadable"
    kind = "invalid"
    sentence = N_("读不了备份 {path}：{why}。")
    remedy = N_("核对路径和权限。")


class ArchiveIncomplete(HostingRefusal):
    """The file ends before the manifest does: it was cut, or is no backup."""

    code = "backup_incomplete"
    kind = "invalid"
    sentence = N_("{path} 不是一份完整的备份：到“{part}”就断了。")
    remedy = N_("重新拷贝这份备份，或换另一份；什么也没有恢复。")


class ArchiveTampered(HostingRefusal):
    """A part is not what the node signed."""

    code = "backup_tampered"
    kind = "refused"
    sentence = N_("备份 {path} 的“{part}”与节点签名的清单不符：它被改动过，或者已经损坏。")
    remedy = N_("换另一份备份，并查明这一份在哪里、由谁改动；什么也没有恢复。")


class ArchiveFormatUnknown(HostingRefusal):
    """Made by a release that writes another form."""

    code = "backup_format_unknown"
    kind = "invalid"
    sentence = N_("备份 {path} 的格式是“{found}”，这一版程序不认识。")
    remedy = N_("换用写下这份备份的那一版程序，或更新的版本。")


class ClientProgramsMissing(HostingRefusal):
    """No pg_dump that can read this server."""

    code = "backup_programs_missing"
    sentence = N_("找不到能用于 PostgreSQL {major} 的 {program}。")
    remedy = N_(
        "用 YITONG_PG_BIN 指定这一版或更新版的程序所在的目录（Debian 的包是 postgresql-client）。"
    )


class DumpFailed(HostingRefusal):
    """pg_dump or pg_restore ended by itself; nothing of what it did stays."""

    code = "backup_program_failed"
    sentence = N_("{program} 没有完成：{why}。")
    remedy = N_("处理这个原因以后再执行一次；没有留下一半。")
