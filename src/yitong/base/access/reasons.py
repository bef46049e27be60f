"""What each policy says to the person whom it concerns, and the article it rests on.

A permit's sentence says what it takes; a forbid's says what stands against it. The ids are those of the
policies; a test keeps both lists equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yitong.kernel.errors import N_
from yitong.kernel.law import Basis

SHARING: Final = "政务数据共享条例"
PRIVACY: Final = "个人信息保护法"
CIVIL_CODE: Final = "民法典"


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and its basis; None where the reason is the node's own order."""

    sentence: str
    basis: Basis | None = None


def _sharing(article: str, sentence: str) -> Reason:
    return Reason(sentence, Basis(SHARING, article))


def _privacy(article: str, sentence: str) -> Reason:
    return Reason(sentence, Basis(PRIVACY, article))


ACTIONS: Final[Mapping[str, str]] = {
    "access.forget": N_("清理过期的幂等记录"),
    "backups.make": N_("备份节点"),
    "backups.restore": N_("恢复节点"),
    "catalogue.answer_notice": N_("答复改变共享服务的告知"),
    "catalogue.approve": N_("批准目录"),
    "catalogue.assess": N_("填写目录评估"),
    "catalogue.draft": N_("编制目录"),
    "catalogue.publish": N_("审核发布目录"),
    "catalogue.read": N_("查看目录草稿"),
    "catalogue.read_life": N_("查看目录的全部经过"),
    "catalogue.retire": N_("停用目录"),
    "catalogue.submit": N_("提交目录"),
    "catalogue.upload": N_("上传要共享的文件"),
    "duties.admonish": N_("提出督办或者通报建议"),
    "duties.appoint": N_("确定监督责任的部门"),
    "duties.explain": N_("陈述逾期的理由"),
    "duties.extend": N_("同意延长时限"),
    "duties.hand_over": N_("转办责任"),
    "duties.read": N_("查看责任"),
    "duties.sign": N_("签发督办或者通报"),
    "duties.waive": N_("免除责任"),
    "exchange.count_by_rule": N_("数一数规则放行多少行"),
    "exchange.judge_row": N_("用规则判断一个人的数据"),
    "exchange.read_footprint": N_("查看数据足迹"),
    "exchange.read_footprint_for": N_("代看数据足迹"),
    "files.read": N_("读取文件"),
    "files.store": N_("保存文件"),
    "identity.appoint_handler": N_("授权经办人"),
    "identity.delegate": N_("授权他人代办"),
    "identity.find_person": N_("查找自然人"),
    "identity.manage": N_("管理机构、岗位和账号"),
    "identity.manage_accounts": N_("管理账号"),
    "identity.manage_posts": N_("管理岗位和任职"),
    "identity.oversee": N_("查看机构、岗位和账号"),
    "identity.read_person": N_("查看自然人的信息"),
    "identity.record_delegation": N_("在窗口登记代办授权"),
    "jobs.manage": N_("管理任务"),
    "keys.destroy": N_("销毁密钥"),
    "keys.export": N_("导出、导入密钥副本"),
    "keys.rotate": N_("轮换密钥"),
    "ledger.maintain": N_("维护账本"),
    "ledger.prove": N_("取得账本凭证"),
    "ledger.read": N_("查阅日志"),
    "messages.follow": N_("查看消息的投递情况"),
    "messages.retry": N_("重新投递消息"),
    "regions.load": N_("装载行政区划"),
    "sharing.answer": N_("答复共享申请"),
    "sharing.approve_purpose": N_("批准不告知本人的用途"),
    "sharing.approve_request": N_("同意本部门的共享申请"),
    "sharing.call": N_("调用共享数据"),
    "sharing.complete": N_("报告共享目的已实现"),
    "sharing.grant": N_("授权共享"),
    "sharing.load_purposes": N_("装载用途清单"),
    "sharing.read_usage": N_("查阅使用记录"),
    "sharing.request": N_("提出共享申请"),
    "sharing.revoke": N_("终止共享"),
    "sharing.suspend": N_("暂停或恢复共享"),
    "sharing.use": N_("使用共享数据"),
    "sources.count": N_("数一数规则放行多少行"),
    "sources.load": N_("装载数据"),
    "sources.manage": N_("管理数据源"),
    "statutes.manage": N_("维护时限登记簿和工作日历"),
    "statutes.set_hours": N_("登记机构的办公时间"),
    "standards.claim": N_("登记或者撤回数源"),
    "standards.decide": N_("确定数源部门"),
    "standards.manage": N_("维护数据元"),
}

REASONS: Final[Mapping[str, Reason]] = {
    "administrators.exclude_one_another": Reason(
        N_("系统管理员、安全管理员、审计管理员必须是三个不同的人，这个账号兼任了其中两种")
    ),
    "node.operators": Reason(N_("由节点的运维人员办理")),
    "node.system_administrator": Reason(N_("由系统管理员办理")),
    "node.own_hours": Reason(N_("由本单位的单位管理员办理，只限本单位"), Basis(CIVIL_CODE, "203")),
    "node.security_administrator": Reason(N_("由安全管理员办理")),
    "identity.operators": Reason(N_("由节点的运维人员办理")),
    "identity.security_administrator": Reason(N_("由安全管理员办理")),
    "identity.agency_administrator": Reason(N_("由本单位的单位管理员办理，只限本单位")),
    "identity.auditor_looks": Reason(N_("由审计管理员查看")),
    "identity.reserved_posts": Reason(N_("系统、安全、审计管理员和单位管理员只能由安全管理员任命")),
    "identity.never_oneself": Reason(N_("任何人不得给自己任职、授权或者重置自己的账号")),
    "identity.own_delegation": Reason(N_("由本人办理"), Basis(CIVIL_CODE, "165")),
    "identity.not_for_another": Reason(N_("代办人不得再授权他人"), Basis(CIVIL_CODE, "169")),
    "identity.counter": Reason(
        N_("由窗口工作人员在职责范围内、以3级以上登录办理"), Basis(CIVIL_CODE, "165")
    ),
    "node.files": Reason(N_("由登录的工作人员或本人办理")),
    "logs.auditor": Reason(N_("由审计管理员办理")),
    "logs.nobody_else": Reason(N_("日志只能由审计管理员查阅")),
    "messages.keepers": Reason(N_("由运维人员或者系统管理员办理")),
    "messages.own_agency": Reason(N_("由发出消息的机构的工作人员办理")),
    "people.never_operators": _sharing("36", N_("运维人员不得查看个人信息")),
    "people.own": _privacy("45", N_("由本人办理")),
    "people.by_delegation": Reason(
        N_("由代办授权写明可以看数据足迹的人办理"), Basis(CIVIL_CODE, "165")
    ),
    "people.counter": _privacy("34", N_("由窗口工作人员在职责范围内、以3级以上登录办理")),
    "people.own_agencys_files": Reason(N_("由文件所属机构的工作人员办理")),
    "catalogue.compile": _sharing("11", N_("由数据提供部门的共享工作机构编制")),
    "catalogue.upload": _sharing("11", N_("由数据提供部门的共享工作机构上传，只限本部门的文件")),
    "catalogue.assess": _sharing("13", N_("由数据提供部门的共享工作机构或保密员评估")),
    "catalogue.approve": _sharing("13", N_("须经数据提供部门的部门负责人审核同意")),
    "catalogue.publish": _sharing("16", N_("由同级政务数据共享主管部门审核")),
    "catalogue.two_persons": _sharing("16", N_("部门批准和主管部门审核不能是同一个人")),
    "catalogue.answer_notice": _sharing("27", N_("由使用部门的共享工作机构答复")),
    "catalogue.read_life": Reason(N_("须是本地区的审计管理员")),
    "catalogue.retire": _sharing("17", N_("由数据提供部门的部门负责人或同级主管部门办理")),
    "catalogue.read": _sharing("16", N_("发布前只有提供部门和同级主管部门可以查看")),
    "standards.claim": _sharing("19", N_("由提供数据的部门的共享工作机构登记")),
    "standards.decide": _sharing("19", N_("由政务数据共享主管部门确定")),
    "sources.count": _sharing("11", N_("由数据所属部门或者同级主管部门查看")),
    "sources.own": _sharing("11", N_("由数据所属部门的共享工作机构办理")),
    "sharing.request": _sharing("11", N_("由需求部门的共享工作机构提出")),
    "sharing.approve_request": _sharing("20", N_("须经需求部门的共享工作机构负责人同意")),
    "sharing.provider": _sharing("20", N_("须经提供部门的共享工作机构负责人同意")),
    "sharing.authority": _sharing("28", N_("由同级政务数据共享主管部门协调处理")),
    "sharing.complete": _sharing("27", N_("由需求部门的共享工作机构办理")),
    "sharing.purposes": Reason(N_("由运维人员或主管部门办理")),
    "sharing.hidden_purpose": _privacy("18", N_("由保密员和主管部门审核人员分别批准")),
    "sharing.use": _sharing("25", N_("只有获得授权的部门自己的系统可以使用")),
    "sharing.read_usage": _sharing("29", N_("由提供部门、使用部门或同级主管部门查阅")),
    "duties.own_agency": Reason(N_("由负责这件事的单位的工作人员查看")),
    "duties.overseers": _sharing("38", N_("由同级政务数据共享主管部门或者负责监督的单位查看")),
    "duties.heads": Reason(N_("由负责这件事的单位的负责人办理")),
    "duties.by_head": Reason(N_("须经本机关、单位负责人批准")),
    "duties.by_authority": _sharing("21", N_("须经同级政务数据共享主管部门同意")),
    "duties.by_government": Reason(N_("须经本级人民政府负责人批准")),
    "duties.issuers": Reason(N_("由负责督促改正的单位的负责人或者审核人员签发")),
    "duties.operators": Reason(N_("由节点的运维人员办理")),
    "crossing.needs_a_purpose": _sharing("25", N_("跨区划办理必须说明目的")),
    "grant.grantee": _sharing("20", N_("授权不属于这个部门或这个客户端")),
    "grant.not_published": _sharing("16", N_("资源没有有效的已发布版本")),
    "grant.withheld": _sharing("14", N_("资源属于不予共享类")),
    "grant.not_active": _sharing("27", N_("授权已经暂停或终止")),
    "grant.out_of_time": _sharing("20", N_("不在授权的使用时限内")),
    "grant.other_purpose": _sharing("25", N_("用途不在授权范围内")),
    "people.own_agencys_counts": _privacy("6", N_("由提供数据的部门的共享工作人员办理")),
    "people.own_agencys_rows": _privacy("6", N_("由提供数据的部门的共享工作人员办理")),
    "grant.fields_beyond": _sharing("25", N_("请求的数据项超出授权范围")),
    "grant.region_beyond": _sharing("25", N_("数据所属区划超出授权范围")),
    "grant.rule_beyond": _sharing("25", N_("授权的规则没有放行这一行")),
    "demo.operators_share": Reason(N_("演示环境里可由运维人员代办")),
}
