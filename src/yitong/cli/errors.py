"""What the command line itself refuses. Refusals of the apps pass through as they are."""

from yitong.kernel.errors import N_, Refusal


class NoNode(Refusal):
    """A command needs a node, and there is none in the directory."""

    code = "no_node"
    kind = "not_found"
    sentence = N_("{path} 里还没有节点。")
    remedy = N_(
        "先运行 yitong run（试用可运行 yitong demo）；节点在别处的，用 --data 或 YITONG_DATA 指明。"
    )


class RestoreUnfinished(Refusal):
    """A restore was cut short here, or waits for its keys: nothing may work on half a node."""

    code = "restore_unfinished"
    kind = "conflict"
    sentence = N_("{path} 里的恢复还没有完成（备份 {backup}）。")
    remedy = N_(
        "再执行一次同样的 yitong restore，会接着做完；缺密钥的，先 yitong keys import。要放弃的，换一个目录重新恢复。"
    )


class OtherRestoreUnfinished(Refusal):
    """Two backups never mix."""

    code = "restore_other_unfinished"
    kind = "conflict"
    sentence = N_("{path} 里正在恢复另一份备份（{backup}），什么也没有改变。")
    remedy = N_("先用那一份备份做完恢复，或者用 --data 换一个新目录。")


class LossNotAccepted(Refusal):
    """A published checkpoint proves that the backup lacks entries."""

    code = "restore_loses_entries"
    kind = "refused"
    sentence = N_(
        "这份备份的账本到第 {ledger_size} 条，而给出的检查点有 {published} 条：恢复它至少丢失 {lost} 条记录。"
        "凡是保存着这个检查点的人以后都能证明。"
    )
    remedy = N_("换更新的备份；没有更新的，确认以后加上 --yes，丢失的数目会记入账本。")


class ProfileDiffers(Refusal):
    """A demo never becomes a real node, nor the other way round: made-up people would mix with real ones."""

    code = "profile_differs"
    kind = "conflict"
    sentence = N_("数据目录 {path} 属于“{kept}”节点，不能当作“{asked}”节点使用。")
    remedy = N_("用 --data 换一个目录，或者去掉环境变量 YITONG_PROFILE。")


class DirectoryUnfit(Refusal):
    """The data directory cannot be used by this user."""

    code = "data_directory_unfit"
    kind = "unavailable"
    sentence = N_("数据目录 {path} 不可用：{why}。")
    remedy = N_("用 --data 换一个目录，或以该目录的所有者运行。")


class PortTaken(Refusal):
    """Somebody else listens there."""

    code = "port_taken"
    kind = "conflict"
    sentence = N_("{host} 的 {port} 端口已被占用{holder}。")
    remedy = N_("用 --port 换一个端口（如 --port {other}），或先停止占用它的程序。")


class PortUnusable(Refusal):
    """The system does not let us listen there."""

    code = "port_unusable"
    kind = "unavailable"
    sentence = N_("不能在 {host} 的 {port} 端口监听：{why}。")
    remedy = N_("核对 --host 是本机地址；1024 以下的端口要有相应权限，一般用 8000。")


class NotPrepared(Refusal):
    """Two nodes on one database prepare it one after the other; the first has not ended."""

    code = "preparation_running"
    kind = "unavailable"
    sentence = N_("另一个进程正在准备这个数据库，等了 {seconds} 秒仍未结束。")
    remedy = N_("等它结束再试；一直如此时运行 yitong doctor。")


class ConfirmationNeeded(Refusal):
    """Nobody is there to ask."""

    code = "confirmation_needed"
    kind = "refused"
    sentence = N_("这一步不能撤销，需要确认，而现在没有终端可以询问。")
    remedy = N_("确定要做的，加上 --yes。")


class NotConfirmed(Refusal):
    """Somebody was asked and said no."""

    code = "not_confirmed"
    kind = "refused"
    sentence = N_("已放弃，什么也没有改变。")
    remedy = N_("仍要做的，再运行一次并确认。")


class DatabaseLost(Refusal):
    """The database went away under a command."""

    code = "database_lost"
    kind = "unavailable"
    sentence = N_("数据库没有应答，这一步没有完成，也没有留下一半。")
    remedy = N_("运行 yitong doctor 看原因，然后再试。")


class DiskFull(Refusal):
    """No room to write: nothing was changed."""

    code = "disk_full"
    kind = "unavailable"
    sentence = N_("磁盘已满，没有写入任何内容；已有的数据完好，仍然可以读取。")
    remedy = N_("腾出空间后再试；yitong doctor 会说明还剩多少。")


class ProgramFault(Refusal):
    """A bug. Its message may quote data, so only its kind and place are shown."""

    code = "program_fault"
    kind = "unavailable"
    sentence = N_("程序出错：{kind}（{place}）。")
    remedy = N_("设置 YITONG_DEBUG=1 再试一次可看到详情；请把它报告给维护者。")


class LogInFailed(Refusal):
    """Wrong user name or password; which of them is not said."""

    code = "login_failed"
    sentence = N_("用户名或密码不对。")
    remedy = N_("请核对后再试；多次输错会暂停登录。")


class LogInPaused(Refusal):
    """Too many failures."""

    code = "login_paused"
    sentence = N_("{sentence}")
    remedy = N_("到时间以后再运行一次 yitong login。")


class SecondFactorFailed(Refusal):
    """The code is wrong, was used already, or trying is paused."""

    code = "second_factor_failed"
    sentence = N_("{sentence}")
    remedy = N_("看着验证器再运行一次 yitong login；验证器丢了，请管理员重置账号。")


class SecondFactorMissing(Refusal):
    """Staff with a password alone."""

    code = "second_factor_missing"
    sentence = N_("这个账号只有密码，没有第二因素，不能登录办公。")
    remedy = N_("先在浏览器里登录一次，在“登录与设备”里添加动态口令验证器。")


class PasskeyOnly(Refusal):
    """A passkey needs a browser."""

    code = "passkey_only"
    sentence = N_("这个账号只有通行密钥，命令行用不了。")
    remedy = N_("在“登录与设备”里再添加一个动态口令验证器，或者在浏览器里办。")


class AccountClosed(Refusal):
    """The password is right, the account is not in use."""

    code = "account_closed"
    sentence = N_("此账号已停用。")
    remedy = N_("需要恢复的，请联系本单位管理员。")


class LogInOver(Refusal):
    """Never fall back to the operator silently: the record would name somebody else."""

    code = "login_over"
    sentence = N_("登录已经过期或失效。")
    remedy = N_("用 yitong login 重新登录；要以本机运维人员身份办理的，先 yitong logout。")


class NotLoggedIn(Refusal):
    """Nothing to log out of."""

    code = "not_logged_in"
    kind = "not_found"
    sentence = N_("现在没有登录。")
    remedy = N_("要以工作人员身份办理的，运行 yitong login。")


class InputMissing(Refusal):
    """Something must be typed or piped in, and was not."""

    code = "input_missing"
    kind = "invalid"
    sentence = N_("缺少{what}。")
    remedy = N_("{how}")


class NodeUnreachable(Refusal):
    """The node does not answer over HTTP."""

    code = "node_unreachable"
    kind = "unavailable"
    sentence = N_("{url} 没有应答：{why}。")
    remedy = N_("节点没有运行的，先 yitong run；在别处的，用 --url 或 YITONG_URL 指明。")


class RegionNotFound(Refusal):
    """Nothing has this name or code."""

    code = "region_not_found"
    kind = "not_found"
    sentence = N_("没有找到“{text}”。")
    remedy = N_("换一种写法（全称、拼音、代码）再试；{hint}")


class BenchMissing(Refusal):
    """A benchmark needs packages that only developers install."""

    code = "bench_missing"
    kind = "unavailable"
    sentence = N_("测速项目 {name} 不能运行：缺少 {module}。")
    remedy = N_("在源代码目录执行 make setup 后再试。")


class FileUnwritable(Refusal):
    """The result has nowhere to go."""

    code = "file_unwritable"
    kind = "invalid"
    sentence = N_("不能写入 {path}：{why}。")
    remedy = N_("换一个位置，或检查权限。")


class FileUnreadable(Refusal):
    """A file named on the command line cannot be read."""

    code = "file_unreadable"
    kind = "invalid"
    sentence = N_("不能读取 {path}：{why}。")
    remedy = N_("核对路径和权限。")


class RowsElsewhere(Refusal):
    """The rows are read where they stand: there is nothing here to count."""

    code = "rows_elsewhere"
    kind = "conflict"
    sentence = N_("“{resource}”的数据行没有存在本节点，不能在这里计数。")
    remedy = N_("先用 yitong share 载入文件；在原处读取的表，请数据提供部门计数。")


class OnlySealed(Refusal):
    """Counting opens nobody's row."""

    code = "only_sealed"
    sentence = N_("规则只用到密封的数据项（{fields}），计数不会打开任何人的数据。")
    remedy = N_("加上明文的条件（区划、日期、代码、状态）再计数，或用 predicate check 查一个人。")
