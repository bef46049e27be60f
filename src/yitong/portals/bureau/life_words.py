"""How the steps of an entry's life read to an auditor, and of which kind each is."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from yitong.base.ledger.api import LedgerEntry
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_

KINDS: Final[Mapping[str, str]] = {
    "proposal": N_("提出和改动"),
    "assessment": N_("评估"),
    "approval": N_("审核和发布"),
    "notice": N_("告知"),
    "request": N_("申请和答复"),
    "grant": N_("授权"),
    "data": N_("数据"),
    "end": N_("停用和销毁"),
}
_KIND_OF: Final[Mapping[str, str]] = {
    "catalogue.drafted": "proposal",
    "catalogue.amended": "proposal",
    "catalogue.abandoned": "proposal",
    "catalogue.assessed": "assessment",
    "catalogue.submitted": "approval",
    "catalogue.approved": "approval",
    "catalogue.sent_back": "approval",
    "catalogue.published": "approval",
    "catalogue.consumer_told": "notice",
    "catalogue.notice_answered": "notice",
    "catalogue.refreshed": "data",
    "catalogue.rows_prepared": "data",
    "catalogue.retired": "end",
    "data.destroyed": "end",
    "sources.table_dropped": "end",
}
_KIND_OF_MATTER: Final[Mapping[str, str]] = {
    "share_request": "request",
    "grant": "grant",
    "source_table": "data",
}
# Sentences of other apps' entries; the catalogue tells its own.
_SENTENCES: Final[Mapping[str, str]] = {
    "sharing.requested": N_("{requester}申请共享{fields}，用途：{purpose}，至{until}"),
    "sharing.request_approved": N_("需求部门共享工作机构负责人同意，向{provider}提出申请"),
    "sharing.supplement_asked": N_("一次性告知补正：{items}"),
    "sharing.supplemented": N_("已补正，等待答复"),
    "sharing.answered": N_("提供部门答复：{answer}。{reason}"),
    "sharing.request_withdrawn": N_("撤回共享申请，理由：{reason}"),
    "sharing.granted": N_("向{agency}的{client}授权使用：{fields}，用途：{purpose}，至{until}"),
    "sharing.suspended": N_("暂停授权，理由：{reason}"),
    "sharing.resumed": N_("恢复授权，理由：{reason}"),
    "sharing.ended": N_("终止授权（{cause}），理由：{reason}"),
    "sharing.expired": N_("授权于{until}到期"),
    "sources.table_loaded": N_("载入数据表“{table}”：{rows}行，{refused}行有问题未载入"),
    "sources.table_linked": N_("数据表“{table}”就地读取，来自数据源{source}"),
    "sources.table_dropped": N_("删除数据表“{table}”的{rows}行"),
    "data.destroyed": N_("销毁{resource}的数据密钥{keys}个，此后谁也不能读取，原因：{reason}"),
}


def kind_of(found: LedgerEntry) -> str:
    return _KIND_OF.get(found.event) or _KIND_OF_MATTER.get(found.about.type, "proposal")


def sentence_of(found: LedgerEntry, known: Mapping[int, str]) -> str:
    """`known` are the sentences that the catalogue has told, by entry."""
    if said := known.get(found.entry_id):
        return said
    marked = _SENTENCES.get(found.event)
    if not marked:
        return found.event
    return gettext(marked).format(**{name: _said(value) for name, value in found.facts.items()})


def _said(value: Value) -> str:
    """A fact in the reader's words, where it is one of the program's own sentences."""
    if isinstance(value, list):
        return gettext("、").join(_said(each) for each in value)
    text = "" if value is None else str(value)
    return gettext(text) if text else text
