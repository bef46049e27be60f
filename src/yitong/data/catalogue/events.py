"""What the catalogue records. No entry carries a person, a row or a value of a row."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

DRAFTED = Event(
    "catalogue.drafted",
    N_("编制目录{resource}第{version}版草稿，{fields}个数据项"),
    ("resource", "version", "digest", "fields", "share_type", "grade"),
)
AMENDED = Event(
    "catalogue.amended",
    N_("改动目录{resource}，成为第{version}版，理由：{reason}"),
    ("resource", "version", "digest", "changes", "reason"),
)
ABANDONED = Event(
    "catalogue.abandoned",
    N_("丢弃目录{resource}第{version}版，现行第{in_force}版不变"),
    ("resource", "version", "in_force"),
)
ASSESSED = Event(
    "catalogue.assessed",
    N_("登记目录{resource}第{version}版的{kind}：{outcome}"),
    ("resource", "version", "kind", "outcome"),
)
SUBMITTED = Event(
    "catalogue.submitted",
    N_("目录{resource}第{version}版报本部门负责人审核"),
    ("resource", "version", "digest"),
)
APPROVED = Event(
    "catalogue.approved",
    N_("部门负责人审核同意目录{resource}第{version}版，报数据主管部门"),
    ("resource", "version", "digest"),
)
SENT_BACK = Event(
    "catalogue.sent_back",
    N_("退回目录{resource}第{version}版，理由：{reason}"),
    ("resource", "version", "state", "reason"),
)
PUBLISHED = Event(
    "catalogue.published",
    N_("数据主管部门审核通过并发布目录{resource}第{version}版"),
    ("resource", "version", "digest", "share_type", "grade"),
)
RETIRED = Event(
    "catalogue.retired",
    N_("目录{resource}停用，理由：{reason}"),
    ("resource", "version", "reason"),
)
CONSUMER_TOLD = Event(
    "catalogue.consumer_told",
    N_("告知{agency}：目录{resource}第{version}版会改变其在用的数据项，答复期到{until}"),
    ("resource", "version", "agency", "losses", "grants", "until"),
)
NOTICE_ANSWERED = Event(
    "catalogue.notice_answered",
    N_("{agency}答复目录{resource}第{version}版的告知：{answer}"),
    ("resource", "version", "agency", "answer", "notice"),
)
REFRESHED = Event(
    "catalogue.refreshed",
    N_("目录{resource}第{version}版的数据已更新，现有{rows}行"),
    ("resource", "version", "rows", "refused", "added", "gone", "changed", "digest"),
)
ROWS_PREPARED = Event(
    "catalogue.rows_prepared",
    N_("目录{resource}第{version}版的数据已备好{rows}行，发布时换上"),
    ("resource", "version", "rows", "refused", "added", "gone", "changed", "digest"),
)
UPLOADED = Event(
    "catalogue.uploaded",
    N_("收到要共享的文件（上传{upload}，{size}字节），密封保存到{keep_until}"),
    ("upload", "kind", "size", "keep_until"),
)
UPLOAD_ASKED = Event(
    "catalogue.upload_asked",
    N_("上传{upload}：{step}，{tables}张表"),
    ("upload", "step", "tables"),
)
UPLOAD_READ = Event(
    "catalogue.upload_read",
    N_(
        "上传{upload}的第{table}张表看完：{rows}行，{fields}个数据项，{faults}处问题，沿用更正{taught}项"
    ),
    ("upload", "table", "rows", "fields", "faults", "taught"),
)
UPLOAD_REFUSED = Event(
    "catalogue.upload_refused",
    N_("上传{upload}没有读成：{code}"),
    ("upload", "table", "code"),
)
UPLOAD_CLOSED = Event(
    "catalogue.upload_closed",
    N_("上传{upload}结束：{reason}，文件和密钥已销毁"),
    ("upload", "reason"),
)
CORRECTED = Event(
    "catalogue.proposal_corrected",
    N_("更正上传{upload}第{table}张表的建议：改动{changes}项，记住{learnt}项"),
    ("upload", "table", "changes", "learnt"),
)
TABLE_FILED = Event(
    "catalogue.upload_filed",
    N_("上传{upload}的第{table}张表成为目录{resource}：载入{rows}行，未载入{refused}行"),
    ("upload", "table", "resource", "rows", "refused", "submitted"),
)

EVENTS = (
    UPLOADED,
    UPLOAD_ASKED,
    UPLOAD_READ,
    UPLOAD_REFUSED,
    UPLOAD_CLOSED,
    CORRECTED,
    TABLE_FILED,
    DRAFTED,
    AMENDED,
    ABANDONED,
    ASSESSED,
    SUBMITTED,
    APPROVED,
    SENT_BACK,
    PUBLISHED,
    RETIRED,
    CONSUMER_TOLD,
    NOTICE_ANSWERED,
    REFRESHED,
    ROWS_PREPARED,
)
