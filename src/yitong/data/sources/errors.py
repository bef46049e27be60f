"""What sources refuses: files that are no tables, servers that do not answer, plans that do not fit.

No sentence carries a cell's value, a password or a whole location.
"""

from yitong.kernel.errors import N_, Refusal


class FileMissing(Refusal):
    """Nothing stands at the path."""

    code = "source_file_missing"
    kind = "not_found"
    sentence = N_("找不到文件“{name}”。")
    remedy = N_("核对路径和文件名。")


class NotARegularFile(Refusal):
    """A folder, a device or a pipe."""

    code = "source_not_a_file"
    kind = "invalid"
    sentence = N_("“{name}”不是普通文件，不能作为表读取。")
    remedy = N_("给出一个数据文件或一个文件夹的路径。")


class FileUnreadable(Refusal):
    """The system does not let us read it."""

    code = "source_file_unreadable"
    kind = "invalid"
    sentence = N_("没有读取文件“{name}”的权限，或读取中断：{reason}。")
    remedy = N_("检查文件权限和磁盘，再试一次。")


class EmptyFile(Refusal):
    """No byte, or nothing but white space."""

    code = "source_file_empty"
    kind = "invalid"
    sentence = N_("文件“{name}”是空的，没有表头也没有数据。")
    remedy = N_("重新导出这个文件，确认里面有内容。")


class NotATable(Refusal):
    """A file of another kind."""

    code = "source_not_a_table"
    kind = "invalid"
    sentence = N_("文件“{name}”不是文本表，看起来是{looks_like}。")
    remedy = N_("在原来的软件里另存为 CSV（UTF-8），再共享这个 CSV。")


class OldWorkbook(NotATable):
    """A binary workbook of before 2007, or another one that is not xlsx."""

    code = "source_old_workbook"
    sentence = N_("文件“{name}”是{looks_like}，不能直接读取。")
    remedy = N_("用表格软件打开，另存为 Excel 工作簿（.xlsx），再共享这个文件。")


class WorkbookLocked(Refusal):
    """Encrypted: nobody reads it without its password, and we ask for none."""

    code = "source_workbook_locked"
    kind = "invalid"
    sentence = N_("文件“{name}”有打开密码，不能读取。")
    remedy = N_("用表格软件打开，去掉打开密码后另存，再共享。")


class FileBroken(Refusal):
    """It says what it is and then is not."""

    code = "source_file_broken"
    kind = "invalid"
    sentence = N_("文件“{name}”损坏或者不完整：{reason}。")
    remedy = N_("重新导出或重新传输这个文件；能用原来的软件打开的，另存一份再试。")


class UnpacksTooLarge(Refusal):
    """A zip bomb, or a workbook beyond any spreadsheet."""

    code = "source_unpacks_too_large"
    kind = "invalid"
    sentence = N_("文件“{name}”解开以后大得异常（{megabytes:,} MB），没有读取。")
    remedy = N_("核对文件来源；确实是数据的，另存为 CSV 再共享。")


class ExternalLinks(Refusal):
    """Cells that show what another file held when somebody last looked."""

    code = "source_external_links"
    kind = "invalid"
    sentence = N_("工作簿“{name}”引用了别的文件（外部链接），其中的值可能已经过时。")
    remedy = N_("在表格软件里断开链接（数据 → 编辑链接 → 断开链接），另存后再共享。")


class SeveralTables(Refusal):
    """A place with several tables where one is asked for."""

    code = "source_several_tables"
    kind = "invalid"
    sentence = N_("“{name}”里有{count}张表：{known}。")
    remedy = N_("写明要哪一张：文件#表名。")


class SheetMissing(Refusal):
    """No sheet of this name, or no table on it."""

    code = "source_sheet_missing"
    kind = "not_found"
    sentence = N_("“{name}”里没有工作表“{sheet}”。有的是：{known}。")
    remedy = N_("核对工作表的名称，写成 文件#表名。")


class TooManyColumns(Refusal):
    """More columns than any table has: keys made of data, merged cells without end."""

    code = "source_too_many_columns"
    kind = "invalid"
    sentence = N_("“{name}”有{count:,}列以上，超过能读取的{most:,}列。")
    remedy = N_("多半是把数据当成了列名；转成每行一条记录再共享。")


class NoFlatColumn(Refusal):
    """Every column is nested."""

    code = "source_no_flat_column"
    kind = "invalid"
    sentence = N_("“{name}”没有能读取的列：{columns}。")
    remedy = N_("把嵌套的列展开成普通的列再共享。")


class NotJsonLines(Refusal):
    """JSON, but not one object on each line."""

    code = "source_not_json_lines"
    kind = "invalid"
    sentence = N_("“{name}”不是每行一个对象的 JSON（JSON Lines）：{reason}。")
    remedy = N_("转成每行一个对象再共享，例如 jq -c '.[]' 文件 > 文件.jsonl。")


class NoDictionary(Refusal):
    """No head words of a list of fields are found, or more fields than any list has."""

    code = "source_no_dictionary"
    kind = "invalid"
    sentence = N_("“{name}”里没有找到字段清单的表头。")
    remedy = N_(
        "表头要有“字段名”或“中文名”，和“类型”“长度”“说明”中的一项；各表用“表名”一列、工作表名或表格上方的标题写明。"
    )


class TooMuchMemory(Refusal):
    """A reader that would need more memory than it may have."""

    code = "source_too_much_memory"
    kind = "unavailable"
    sentence = N_("读取“{name}”需要的内存超过上限（{limit}），已停止。")
    remedy = N_("用更小的行组（row group）重新导出，或转成 CSV 再共享。")


class SourceChanged(Refusal):
    """What was read first and what was read last are not the same table."""

    code = "source_changed"
    kind = "conflict"
    sentence = N_("读取期间“{name}”被改动了，这次没有发布任何内容。")
    remedy = N_("等写入结束以后再试。")


class BadLocation(Refusal):
    """Neither a path nor a URL we read."""

    code = "source_bad_location"
    kind = "invalid"
    sentence = N_("看不懂数据源的地址：{reason}。")
    remedy = N_(
        "写成文件或文件夹的路径，或 postgresql://用户@主机:端口/数据库?table=模式.表名、mysql://用户@主机:端口/数据库?table=表名"
        "（密码可放在环境变量 PGPASSWORD、MYSQL_PWD；要加密并核对证书，写 ssl=true）。"
    )


class TooManyTables(Refusal):
    """A folder or schema beyond what one run takes."""

    code = "source_too_many_tables"
    kind = "invalid"
    sentence = N_("“{name}”里的表超过{most:,}张，一次共享不了这么多。")
    remedy = N_("分成几个文件夹或模式，一个一个共享。")


class NoTables(Refusal):
    """A folder or schema in which nothing can be shared."""

    code = "source_no_tables"
    kind = "invalid"
    sentence = N_("“{name}”里没有可以读取的表。")
    remedy = N_("核对路径或模式的名称；账号要有读取这些表的权限。")


class SourceUnreachable(Refusal):
    """The server does not answer, or lets nobody in."""

    code = "source_unreachable"
    kind = "unavailable"
    sentence = N_("连接不上数据源“{name}”：{reason}。")
    remedy = N_("核对主机、端口、账号和防火墙；数据源恢复以后再试。")


class SourceTooSlow(Refusal):
    """The time-out ended it."""

    code = "source_too_slow"
    kind = "unavailable"
    sentence = N_("数据源“{name}”在{seconds}秒内没有答复，已停止等待。")
    remedy = N_("稍后再试；常常如此时，请数据源一方为查询的列建立索引。")


class SourceFailed(Refusal):
    """The server answered with an error of its own."""

    code = "source_failed"
    kind = "unavailable"
    sentence = N_("数据源“{name}”读取失败（{reason}）。")
    remedy = N_("请数据源一方的管理员检查，再试一次。")


class SourceRowTooLarge(Refusal):
    """One answer of the other side would fill our memory."""

    code = "source_row_too_large"
    kind = "unavailable"
    sentence = N_(
        "数据源“{name}”的答复过大：有一格超过上限（{limit}）或各行合计超过上限，没有读取。"
    )
    remedy = N_("请数据源一方把照片、附件一类的列分开存放，授权时不要选这些列。")


class SourceResting(Refusal):
    """The breaker is open: we do not pile calls upon a server that fails."""

    code = "source_resting"
    kind = "unavailable"
    sentence = N_("数据源“{name}”连续失败，暂停访问，{seconds}秒后自动再试。")
    remedy = N_("稍后再试。")


class SourceForbidden(Refusal):
    """Our account may not read the table."""

    code = "source_forbidden"
    kind = "refused"
    sentence = N_("数据源账号没有读取“{table}”的权限。")
    remedy = N_("请数据源一方授予 SELECT 权限：grant select on {table} to 该账号。")


class TableMissing(Refusal):
    """The database has no such table."""

    code = "source_table_missing"
    kind = "not_found"
    sentence = N_("数据库里没有“{table}”。可读的表有：{known}。")
    remedy = N_("在地址后面写 ?table=模式.表名。")


class UnknownSource(Refusal):
    """No such source or table on this node."""

    code = "source_unknown"
    kind = "not_found"
    sentence = N_("没有登记“{key}”这个数据源或数据表。")
    remedy = N_("用 yitong share 登记它。")


class BadPlan(Refusal):
    """A copy plan that does not fit the table."""

    code = "source_bad_plan"
    kind = "invalid"
    sentence = N_("载入方案有误：{reason}。")
    remedy = N_("按当前表头改正方案。")


class NothingToLoad(Refusal):
    """No row could be taken: the old table stays."""

    code = "source_nothing_to_load"
    kind = "invalid"
    sentence = N_("“{name}”没有一行可以载入（{refused}行有问题），原有数据保持不变。")
    remedy = N_("查看问题行清单，核对主键列选得对不对。")


class LoadRunning(Refusal):
    """Another load of the same table has not ended."""

    code = "source_load_running"
    kind = "conflict"
    sentence = N_("“{key}”正在载入，不能同时再载入一次。")
    remedy = N_("等它结束，或先停止它。")


class LoadStopped(Refusal):
    """Someone asked to stop: nothing was published."""

    code = "source_load_stopped"
    kind = "conflict"
    sentence = N_("载入已按要求停止，没有发布任何内容，原有数据保持不变。")
    remedy = N_("重新载入即可。")


class NoRoom(Refusal):
    """The disk filled up in the midst of a load."""

    code = "source_no_room"
    kind = "unavailable"
    sentence = N_("载入“{key}”时磁盘写满，没有发布任何内容，原有数据保持不变。")
    remedy = N_("给数据库所在的磁盘腾出空间，再载入一次；载入期间新旧两份都占空间。")


class SwapBlocked(Refusal):
    """Readers held the old table longer than we wait."""

    code = "source_swap_blocked"
    kind = "unavailable"
    sentence = N_("“{key}”一直有人在读，{seconds}秒内换不上新表，原有数据保持不变。")
    remedy = N_("稍后重新载入。")


class WorkerGone(Refusal):
    """A process that made rows for a load has ended, killed or out of memory: nothing was published."""

    code = "source_worker_gone"
    kind = "unavailable"
    sentence = N_("装入用的辅助进程意外结束（状态 {status}），没有发布任何内容，原有数据保持不变。")
    remedy = N_("看看内存够不够用，再重新载入。")


class DropBlocked(Refusal):
    """Readers, a backup or a load held the table longer than we wait."""

    code = "source_drop_blocked"
    kind = "unavailable"
    sentence = N_("“{key}”正在被读取、备份或载入，{seconds}秒内删不掉，什么都没有改变。")
    remedy = N_("等备份或载入结束以后再试。")
