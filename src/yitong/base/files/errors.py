"""What files refuses."""

from secrets import token_hex
from typing import Literal

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

Where = Literal["name", "text"]
_PLACES = {"name": N_("文件名"), "text": N_("内容开头")}


class MarkedSecret(Refusal):
    """A name or a heading carries a mark of secrecy. Nothing of it is kept, and the 保密员 is told."""

    code = "marked_secret"
    kind = "refused"
    sentence = N_(
        "{place}带有「{mark}」标志：国家秘密和工作秘密不属于可以共享的政务数据，没有接收，也没有留存。"
    )
    basis = Basis("政务数据共享条例", "3")
    remedy = N_(
        "请按《中华人民共和国保守国家秘密法》交本单位保密员处理（登记号 {reference}）；如果标志有误，由保密员确认后去掉标志再提交。"
    )

    def __init__(self, *, mark: str, where: Where) -> None:
        self.mark = mark
        self.where: Where = where
        self.reference = token_hex(8)
        self.is_recorded = False
        super().__init__(mark=mark, place=_PLACES[where], reference=self.reference)


class TooLarge(Refusal):
    """The stream did not end within the bound."""

    code = "file_too_large"
    kind = "invalid"
    sentence = N_("文件超过 {limit_mib} MiB 的上限，没有保存。")
    remedy = N_("请压缩图片或拆分后分别提交。")


class EmptyFile(Refusal):
    """No byte came."""

    code = "file_empty"
    kind = "invalid"
    sentence = N_("文件是空的，没有保存。")
    remedy = N_("请检查文件后重新提交。")


class TypeNotAccepted(Refusal):
    """The content is of no accepted type, whatever the name says."""

    code = "file_type_not_accepted"
    kind = "invalid"
    sentence = N_("不接收这种文件：{looks_like}。按内容判断类型，与扩展名无关。")
    remedy = N_("请改用 PDF、OFD、PNG、JPEG、CSV、纯文本、XLSX 或 DOCX（不带宏、不加密）。")


class Infected(Refusal):
    """The scanner found something."""

    code = "file_infected"
    kind = "refused"
    sentence = N_("安全扫描发现「{threat}」，没有保存。")
    remedy = N_("请在本机查杀后重新提交，或联系网络安全管理员。")


class NoSpace(Refusal):
    """The disk is full: nothing is half-stored."""

    code = "file_no_space"
    kind = "unavailable"
    sentence = N_("存储空间不足，文件没有保存；已有的文件不受影响。")
    remedy = N_("请联系系统管理员清理空间后重试。")


class UnknownFile(Refusal):
    """No file has this digest."""

    code = "unknown_file"
    kind = "not_found"
    sentence = N_("没有摘要为 {sha256} 的文件。")
    remedy = N_("请核对后重试。")


class FileDamaged(Refusal):
    """What lies on the disk is not what was stored."""

    code = "file_damaged"
    kind = "unavailable"
    sentence = N_("文件 {sha256} 与其摘要不符或已缺失，不予提供。")
    remedy = N_("请联系系统管理员从备份恢复。")
