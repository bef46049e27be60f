"""What an entry must say, which share type it may bear, and how it lives. Pure.

The only way to 已发布 leads through both assessments, the head of the department (art. 13) and another
officer of the data authority (art. 16): `TRANSITIONS` has no other.
"""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from yitong.data.catalogue import errors
from yitong.data.catalogue.grading import GRADE_NAMES, PERSONAL_NAMES, Grade
from yitong.data.catalogue.proposal import ITEM_NAMES, Proposal
from yitong.kernel.errors import N_

NAME_LONGEST = 50


class State(StrEnum):
    """Where an entry stands."""

    DRAFT = "draft"
    APPROVAL = "approval"
    REVIEW = "review"
    PUBLISHED = "published"
    RETURNED = "returned"
    REVISING = "revising"
    RETIRED = "retired"


STATE_NAMES: Mapping[State, str] = {
    State.DRAFT: N_("草稿"),
    State.APPROVAL: N_("待部门批准"),
    State.REVIEW: N_("待主管部门审核"),
    State.PUBLISHED: N_("已发布"),
    State.RETURNED: N_("已退回"),
    State.REVISING: N_("修订中"),
    State.RETIRED: N_("已停用"),
}


class Step(StrEnum):
    """What can be done with an entry."""

    AMEND = "amend"
    REOPEN = "reopen"
    ABANDON = "abandon"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    RETIRE = "retire"


STEP_NAMES: Mapping[Step, str] = {
    Step.AMEND: N_("改动"),
    Step.REOPEN: N_("接着改"),
    Step.ABANDON: N_("丢弃这次修订"),
    Step.SUBMIT: N_("报部门负责人审核"),
    Step.APPROVE: N_("审核同意"),
    Step.SEND_BACK: N_("退回"),
    Step.PUBLISH: N_("审核通过并发布"),
    Step.RETIRE: N_("停用"),
}
TRANSITIONS: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.AMEND): State.DRAFT,
    (State.DRAFT, Step.SUBMIT): State.APPROVAL,
    (State.DRAFT, Step.RETIRE): State.RETIRED,
    (State.APPROVAL, Step.APPROVE): State.REVIEW,
    (State.APPROVAL, Step.SEND_BACK): State.RETURNED,
    (State.REVIEW, Step.PUBLISH): State.PUBLISHED,
    (State.REVIEW, Step.SEND_BACK): State.RETURNED,
    (State.RETURNED, Step.AMEND): State.DRAFT,
    (State.RETURNED, Step.REOPEN): State.DRAFT,
    (State.RETURNED, Step.ABANDON): State.PUBLISHED,
    (State.RETURNED, Step.RETIRE): State.RETIRED,
    (State.PUBLISHED, Step.AMEND): State.REVISING,
    (State.PUBLISHED, Step.RETIRE): State.RETIRED,
    (State.REVISING, Step.AMEND): State.REVISING,
    (State.REVISING, Step.SUBMIT): State.APPROVAL,
    (State.REVISING, Step.ABANDON): State.PUBLISHED,
    (State.REVISING, Step.RETIRE): State.RETIRED,
}


def open_steps(state: State, *, in_force: bool) -> tuple[Step, ...]:
    """What may be done now; a revision can be dropped only where an older version is in force."""
    return tuple(
        step
        for (source, step) in TRANSITIONS
        if source is state and (in_force or step is not Step.ABANDON)
    )


def next_state(state: State, step: Step, *, in_force: bool, name: str = "") -> State:
    """The state after `step`. A returned entry with a version in force is a revision, not a first draft."""
    steps = open_steps(state, in_force=in_force)
    if step not in steps:
        raise errors.StepNotOpen(
            name=name,
            state=STATE_NAMES[state],
            step=STEP_NAMES[step],
            open="、".join(STEP_NAMES[s] for s in steps) or N_("无"),
        )
    after = TRANSITIONS[state, step]
    return State.REVISING if in_force and after is State.DRAFT else after


class ShareType(StrEnum):
    """共享属性 (art. 14)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    WITHHELD = "withheld"


SHARE_TYPE_NAMES: Mapping[ShareType, str] = {
    ShareType.UNCONDITIONAL: N_("无条件共享"),
    ShareType.CONDITIONAL: N_("有条件共享"),
    ShareType.WITHHELD: N_("不予共享"),
}


class BasisLevel(StrEnum):
    """The three levels that alone can forbid sharing (art. 14)."""

    LAW = "law"
    REGULATION = "regulation"
    DECISION = "decision"


BASIS_LEVEL_NAMES: Mapping[BasisLevel, str] = {
    BasisLevel.LAW: N_("法律"),
    BasisLevel.REGULATION: N_("行政法规"),
    BasisLevel.DECISION: N_("国务院决定"),
}
CYCLE_NAMES: Mapping[str, str] = {
    "realtime": N_("实时"),
    "daily": N_("每日"),
    "weekly": N_("每周"),
    "ten_days": N_("每旬"),
    "monthly": N_("每月"),
    "quarterly": N_("每季度"),
    "half_yearly": N_("每半年"),
    "term": N_("每学期"),
    "yearly": N_("每年"),
    "irregular": N_("不定期"),
}
KIND_NAMES: Mapping[str, str] = {"table": N_("库表"), "interface": N_("接口"), "file": N_("文件")}
METHOD_NAMES: Mapping[str, str] = {
    "interface": N_("服务接口"),
    "batch": N_("批量交换"),
    "file": N_("文件下载"),
}
OPEN_NAMES: Mapping[str, str] = {
    "open": N_("无条件开放"),
    "conditional": N_("有条件开放"),
    "closed": N_("不予开放"),
}
KEY_KIND_NAMES: Mapping[str, str] = {
    "person": N_("公民身份号码"),
    "org": N_("统一社会信用代码"),
    "text": N_("编号"),
}
# 类 and 项 of the resource code (GB/T 21063.4; 发改高技〔2017〕1272号): 基础, 主题, 部门.
CATEGORY_NAMES: Mapping[str, str] = {
    "101": N_("人口"),
    "102": N_("法人单位"),
    "103": N_("自然资源和空间地理"),
    "104": N_("社会信用"),
    "105": N_("电子证照"),
    "201": N_("公共服务"),
    "202": N_("健康保障"),
    "203": N_("社会保障"),
    "204": N_("食品药品安全"),
    "205": N_("安全生产"),
    "206": N_("价格监管"),
    "207": N_("能源安全"),
    "208": N_("信用体系"),
    "209": N_("城乡建设"),
    "210": N_("社区治理"),
    "211": N_("生态环保"),
    "212": N_("应急维稳"),
    "307": N_("省（区、市）及以下部门"),
}


def code_front(category: str, heading: int) -> str:
    """前段码: 类 and 项, then the owner's number within them as 目."""
    return f"{category}{heading:03d}"


class AssessmentKind(StrEnum):
    """What art. 13 wants assessed before approval."""

    SECRECY = "secrecy"
    PERSONAL = "personal"


ASSESSMENT_NAMES: Mapping[AssessmentKind, str] = {
    AssessmentKind.SECRECY: N_("保密风险评估"),
    AssessmentKind.PERSONAL: N_("个人信息保护影响评估"),
}


class Outcome(StrEnum):
    """What an assessment found."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CONCERNED = "not_concerned"


OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.PASSED: N_("通过"),
    Outcome.FAILED: N_("不通过"),
    Outcome.NOT_CONCERNED: N_("不涉及个人信息"),
}


_LISTS: Mapping[str, Mapping[Any, str]] = {
    "state": STATE_NAMES,
    "kind": KIND_NAMES,
    "category": CATEGORY_NAMES,
    "update_cycle": CYCLE_NAMES,
    "share_type": SHARE_TYPE_NAMES,
    "share_methods": METHOD_NAMES,
    "basis_level": BASIS_LEVEL_NAMES,
    "open_type": OPEN_NAMES,
    "grade": GRADE_NAMES,
    "key_kind": KEY_KIND_NAMES,
    "personal": PERSONAL_NAMES,
    "assessment": ASSESSMENT_NAMES,
    "outcome": OUTCOME_NAMES,
    "step": STEP_NAMES,
}
# What an item of an entry may be, in the words that forms and pages show.
CHOICES: Mapping[str, Mapping[str, str]] = {
    item: {str(key): name for key, name in names.items()} for item, names in _LISTS.items()
}


def check_assessment(kind: AssessmentKind, outcome: Outcome, entry: Proposal) -> None:
    """“Not concerned” is an answer only about personal information and only where there is none."""
    if outcome is not Outcome.NOT_CONCERNED:
        return
    personal = [f.header for f in entry.fields if f.personal]
    if kind is AssessmentKind.SECRECY or personal:
        why = N_("数据项里有{items}").format(items="、".join(personal)) if personal else ""
        raise errors.AssessmentUnfit(
            kind=ASSESSMENT_NAMES[kind], why=why or N_("保密风险每次都要判断")
        )


def check_assessed(found: Mapping[AssessmentKind, Outcome], version: int) -> None:
    """Both assessments of this very version must have ended well (art. 13)."""
    missing = [
        name
        for kind, name in ASSESSMENT_NAMES.items()
        if found.get(kind, Outcome.FAILED) is Outcome.FAILED
    ]
    if missing:
        raise errors.AssessmentsMissing(version=version, missing="、".join(missing))


def check_two_officers(approved_by: str, published_by: str) -> None:
    if approved_by == published_by:
        raise errors.SameOfficer


def check_content(entry: Proposal) -> None:
    """What no entry may say, draft or not."""
    if not 0 < len(entry.name) <= NAME_LONGEST:
        raise errors.NameUnfit(longest=NAME_LONGEST, length=len(entry.name))
    counts = Counter(f.name for f in entry.fields)
    if repeated := [name for name, count in counts.items() if count > 1]:
        raise errors.FieldsClash(names="、".join(repeated))
    if Grade.CORE in {entry.grade, *(f.grade for f in entry.fields)}:
        raise errors.CoreRefused(name=entry.name)
    check_share_type(entry)


def check_share_type(entry: Proposal) -> None:
    """Arts. 14 and 15: withholding needs the law's own words, unconditional sharing bears no condition."""
    if entry.share_type == ShareType.WITHHELD:
        if missing := _withholding_gaps(entry):
            raise errors.WithholdingNeedsLaw(missing="、".join(missing))
    elif entry.share_type == ShareType.UNCONDITIONAL:
        stated = [entry.share_scope, entry.use_purposes, entry.use_condition]
        if added := [text for text in stated if text not in {"", UNCONDITIONAL_WORDS}]:
            raise errors.ConditionsAdded(condition="；".join(added))


UNCONDITIONAL_WORDS = N_("无条件")
_ARTICLE = re.compile(r"《[^《》]+》.*第[^条]+条")
_DECISION = re.compile(r"《[^《》]*国务院[^《》]*》|国发|国办|国令|国务院令|国函")


def _withholding_gaps(entry: Proposal) -> list[str]:
    gaps = []
    if not entry.withhold_reason.strip():
        gaps.append(N_("理由"))
    if entry.basis_level not in set(BasisLevel):
        gaps.append(N_("依据层级"))
    cites = _DECISION if entry.basis_level == BasisLevel.DECISION else _ARTICLE
    if not cites.search(entry.basis_citation):
        gaps.append(N_("条文"))
    return gaps


def missing_entries(entry: Proposal) -> list[str]:
    """Which of the nine entries of art. 13 lack, in the article's words and order."""
    conditional = entry.share_type == ShareType.CONDITIONAL
    conditions = (
        bool(entry.share_scope.strip() and entry.use_purposes.strip())
        if conditional
        else bool(entry.use_condition.strip() or entry.withhold_reason.strip())
    )
    stated = {
        "name": bool(entry.name.strip()),
        "fields": bool(entry.fields) and all(f.header.strip() for f in entry.fields),
        "owner": bool(entry.owner),
        "data_format": bool(entry.data_format.strip()),
        "update_cycle": entry.update_cycle in CYCLE_NAMES,
        "share_type": entry.share_type in set(ShareType),
        "share_methods": bool(entry.share_methods) or entry.share_type == ShareType.WITHHELD,
        "use_condition": conditions,
        "grade": _is_graded(entry),
    }
    names = {**ITEM_NAMES, "use_condition": _conditions_name(conditional=conditional)}
    return [names[item] for item, is_stated in stated.items() if not is_stated]


def _conditions_name(*, conditional: bool) -> str:
    # Art. 15 says what the conditions of a conditional resource must at least contain.
    return N_("使用条件（共享范围、使用用途）") if conditional else ITEM_NAMES["use_condition"]


def _is_graded(entry: Proposal) -> bool:
    known = set(Grade)
    return (
        entry.category in CATEGORY_NAMES
        and entry.grade in known
        and all(f.grade in known for f in entry.fields)
    )


def check_ready(entry: Proposal) -> None:
    """What must hold before the head of the department is asked."""
    check_content(entry)
    if missing := missing_entries(entry):
        raise errors.EntryIncomplete(missing="、".join(missing))
    if not is_traceable(entry):
        raise errors.SubjectUnnamed(name=entry.name)


def is_traceable(entry: Proposal) -> bool:
    """Whether everyone the rows are about can be found: rows about organisations need no person's number."""
    return (
        not entry.has_personal
        or entry.key_kind == "org"
        or bool(entry.subject_link)
        or any(f.subject == "person" for f in entry.fields)
    )


def check_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise errors.ReasonNeeded(what=what)
