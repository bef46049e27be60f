"""What the catalogue refuses, on which article, and what to do next."""

from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis

ACT = "政务数据共享条例"


class EntryIncomplete(Refusal):
    """Raised once, naming everything that art. 13 asks and the entry lacks."""

    code = "catalogue.entry_incomplete"
    kind = "invalid"
    sentence = N_("目录条目还缺：{missing}。")
    basis = Basis(ACT, "13")
    remedy = N_("把这些一次补齐再报送，已填的内容都保留着。")


class NameUnfit(Refusal):
    """Names are at most fifty characters, since every list and certificate prints them."""

    code = "catalogue.name_unfit"
    kind = "invalid"
    sentence = N_("数据目录名称要在{longest}字以内，现在{length}字。")
    remedy = N_("缩短名称，其余的话写进摘要。")


class FieldsClash(Refusal):
    """Two data items of one resource have one name, so neither could be asked for."""

    code = "catalogue.fields_clash"
    kind = "invalid"
    sentence = N_("数据项重名：{names}。")
    basis = Basis(ACT, "13")
    remedy = N_("给每个数据项一个不同的名称。")


class NameTaken(Refusal):
    """The owner has an entry of this name in force or in work."""

    code = "catalogue.name_taken"
    kind = "conflict"
    sentence = N_("{owner}已有同名目录“{name}”（{resource}）。")
    basis = Basis(ACT, "12")
    remedy = N_("要改它，就在{resource}上提改动；确是另一项数据，换一个能分清的名称。")


class WithholdingNeedsLaw(Refusal):
    """不予共享 stands only on an express provision of a law, 行政法规 or State Council decision."""

    code = "catalogue.withholding_needs_law"
    sentence = N_(
        "不予共享要写明理由，并引用明确这样规定的法律、行政法规或者国务院决定；现在缺{missing}。"
    )
    basis = Basis(ACT, "14")
    remedy = N_("补上条文，例如“《××法》第×条”；没有这样的条文，就改为有条件共享或者无条件共享。")


class ConditionsAdded(Refusal):
    """An unconditional resource that states conditions obstructs sharing."""

    code = "catalogue.conditions_added"
    sentence = N_("无条件共享的数据不得再设条件：“{condition}”。")
    basis = Basis(ACT, "15")
    remedy = N_("删去条件；确需条件的，改为有条件共享并写明共享范围和使用用途。")


class CoreRefused(Refusal):
    """核心数据 has no place on this node."""

    code = "catalogue.core_refused"
    sentence = N_("“{name}”属于核心数据，本平台不收。")
    basis = Basis("数据安全法", "21")
    remedy = N_("按核心数据的专门制度管理，不在这里编目。")


class SubjectUnnamed(Refusal):
    """Rows about people that nobody can find by a person's number: their uses could never be shown to them."""

    code = "catalogue.subject_unnamed"
    sentence = N_("“{name}”的行是个人，却没有能认出本人的数据项，使用记录无法让本人查到。")
    basis = Basis("个人信息保护法", "45")
    remedy = N_("加上公民身份号码一项，或者写明通过哪个目录的哪一项能联到本人。")


class StepNotOpen(Refusal):
    """The life of an entry has one table of transitions."""

    code = "catalogue.step_not_open"
    kind = "conflict"
    sentence = N_("“{name}”现在是“{state}”，不能{step}。")
    basis = Basis(ACT, "16")
    remedy = N_("现在能做的：{open}。")


class AssessmentsMissing(Refusal):
    """Art. 13: secrecy risk and personal-information impact are assessed before approval."""

    code = "catalogue.assessments_missing"
    sentence = N_("第{version}版还没有通过的评估：{missing}。")
    basis = Basis(ACT, "13")
    remedy = N_("先登记{missing}的结论，再由部门负责人审核。")


class AssessmentUnfit(Refusal):
    """“Not concerned” is no conclusion where personal information is concerned, nor about secrecy."""

    code = "catalogue.assessment_unfit"
    kind = "invalid"
    sentence = N_("{kind}不能写“不涉及”：{why}。")
    basis = Basis("个人信息保护法", "55")
    remedy = N_("做完评估，登记“通过”或者“不通过”和结论。")


class SameOfficer(Refusal):
    """Approval (13) and review (16) are two organs' acts: one account never signs both."""

    code = "catalogue.same_officer"
    sentence = N_("部门审核和主管部门审核不能是同一个人。")
    basis = Basis(ACT, "16")
    remedy = N_("请数据主管部门的另一位审核人员来审核。")


class ReasonNeeded(Refusal):
    """Sending back, retiring and changing need words that the other side can act on."""

    code = "catalogue.reason_needed"
    kind = "invalid"
    sentence = N_("请写明{what}的理由。")
    basis = Basis(ACT, "16")
    remedy = N_("用一两句话写清楚要改什么、依据哪一条。")


class NothingChanged(Refusal):
    """A revision that changes nothing would only ask people to approve what is in force."""

    code = "catalogue.nothing_changed"
    kind = "invalid"
    sentence = N_("与第{version}版相比没有改动。")
    remedy = N_("改动后再保存，或者丢弃这次修订。")


class ResourceUnknown(Refusal):
    """No entry that this viewer may see has this code, number or name."""

    code = "catalogue.resource_unknown"
    kind = "not_found"
    sentence = N_("没有找到数据目录“{asked}”。{nearest}")
    remedy = N_("核对资源代码或者名称；目录可以按名称和数据项搜索。")


class NameShared(Refusal):
    """Several agencies have an entry of this name."""

    code = "catalogue.name_shared"
    kind = "conflict"
    sentence = N_("叫“{asked}”的目录不止一个：{codes}。")
    remedy = N_("用资源代码指明是哪一个。")


class VersionUnknown(Refusal):
    """The entry has no such version."""

    code = "catalogue.version_unknown"
    kind = "not_found"
    sentence = N_("{resource}没有第{version}版。")
    remedy = N_("现有第1版到第{latest}版。")


class ConsumersUntold(Refusal):
    """A change of a service is told to its users before it happens."""

    code = "catalogue.consumers_untold"
    kind = "conflict"
    sentence = N_("这一版会改变正在使用的数据项，还没有告知{agencies}。")
    basis = Basis(ACT, "27")
    remedy = N_("提供部门先告知（目录的“各版”页或者 yitong catalogue tell），再往下办。")


class NoticeRuns(Refusal):
    """Told, but neither agreed nor had the time to answer."""

    code = "catalogue.notice_runs"
    kind = "conflict"
    sentence = N_("已告知{agencies}，答复期到{until}，期满以前还不能往下办。")
    basis = Basis(ACT, "27")
    remedy = N_("等对方同意，或者等到期满；不想等的，把那几项留在这一版里。")


class ConsumerUnreachable(Refusal):
    """An agency that uses the data has no post that could be told."""

    code = "catalogue.consumer_unreachable"
    kind = "conflict"
    sentence = N_("{agency}在用这项数据，却没有可以收消息的岗位，告知不到。")
    basis = Basis(ACT, "27")
    remedy = N_("请{agency}的单位管理员设共享工作联络员，再告知。")


class NoticeUnknown(Refusal):
    """No such notice, or no such answer to one."""

    code = "catalogue.notice_unknown"
    kind = "not_found"
    sentence = N_("没有第{number}号告知，或者不能这样答复。")
    remedy = N_("从目录的“各版”页打开告知，选同意或者有意见。")


class NoticeAnswered(Refusal):
    """One answer to one notice."""

    code = "catalogue.notice_answered"
    kind = "conflict"
    sentence = N_("{agency}已经答复：{answer}。")
    worded = ("answer",)
    remedy = N_("改主意了，直接和提供部门联系；对方丢弃或者改动修订以后会再告知。")


class NoticeOver(Refusal):
    """The version is in force."""

    code = "catalogue.notice_over"
    kind = "conflict"
    sentence = N_("第{version}版已经发布，不用再答复。")
    basis = Basis(ACT, "28")
    remedy = N_("有争议的，按第二十八条请主管部门协调。")


class RowsNotAwaited(Refusal):
    """Rows wait only for a revision that is being written."""

    code = "catalogue.rows_not_awaited"
    kind = "conflict"
    sentence = N_("“{name}”现在是“{state}”，不能换上另一份数据。")
    worded = ("state",)
    basis = Basis(ACT, "16")
    remedy = N_("等审核有了结果，或者退回以后，再提交这份数据。")


class UploadUnknown(Refusal):
    """There is none, or another agency's: both are told the same."""

    code = "catalogue.upload_unknown"
    kind = "not_found"
    sentence = N_("没有这个上传的文件，或者它已经删除。")
    remedy = N_("回到“共享文件”，从列表里打开，或者重新上传。")


class UploadBusy(Refusal):
    """Asked for what its present state does not allow."""

    code = "catalogue.upload_busy"
    kind = "conflict"
    sentence = N_("现在不能{step}：{state}。")
    worded = ("step", "state")
    remedy = N_("刷新页面，看看文件现在到了哪一步。")


class TooManyUploads(Refusal):
    """Each waits sealed on the disk, so an agency has only so many at a time."""

    code = "catalogue.too_many_uploads"
    kind = "conflict"
    sentence = N_("本单位已有{count}个文件等着处理，最多{most}个。")
    remedy = N_("先报送或者丢弃列表里的文件，再上传新的。")


class NoTableChosen(Refusal):
    """Nothing of the file was chosen."""

    code = "catalogue.no_table_chosen"
    kind = "invalid"
    sentence = N_("没有选表。")
    remedy = N_("至少选一张要共享的表。")


class ProposalMoved(Refusal):
    """Somebody else has saved meanwhile."""

    code = "catalogue.proposal_moved"
    kind = "conflict"
    sentence = N_("“{name}”的建议在您打开以后又改过了，没有保存。")
    remedy = N_("重新打开这一页，看过新的内容再改。")


class ProtectionLowered(Refusal):
    """A field protects less than was proposed, and nobody says why (数据安全法 21; GB/T 43697)."""

    code = "catalogue.protection_lowered"
    kind = "invalid"
    sentence = N_("“{header}”{ways}，要写明理由。")
    basis = Basis("数据安全法", "21")
    remedy = N_("在这一行写上理由，或者改回建议的值。")
