"""What identity records. No entry carries a user name, a name, a number or a phone: keys and codes only."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

AGENCY_REGISTERED = Event(
    "identity.agency_registered",
    N_("登记机构，类别{kind}，区划{region}"),
    ("kind", "region", "government", "line", "is_data_authority", "is_demo"),
)
POST_CREATED = Event(
    "identity.post_created", N_("机构{agency}设立岗位，角色{role}"), ("agency", "role")
)
POST_TAKEN = Event("identity.post_taken", N_("账号{account}任职"), ("account",))
POST_LEFT = Event("identity.post_left", N_("账号{account}离任"), ("account",))
ACCOUNT_CREATED = Event("identity.account_created", N_("开立账号，类别{kind}"), ("kind",))
PASSWORD_SET = Event("identity.password_set", N_("设置登录密码"))
PERSON_REGISTERED = Event(
    "identity.person_registered",
    N_("登记自然人，实名等级{assurance}级"),
    ("assurance", "account"),
)
CONTACT_SET = Event(
    "identity.contact_set", N_("更新联系方式：邮箱{mail}，电话{phone}"), ("mail", "phone")
)
PERSONS_REKEYED = Event("identity.persons_rekeyed", N_("更新{persons}名自然人的假名"), ("persons",))
LEGAL_PERSON_REGISTERED = Event(
    "identity.legal_person_registered", N_("登记法人或其他组织，类别{kind}"), ("kind",)
)
CLIENT_ISSUED = Event("identity.client_issued", N_("向机构{agency}发放接入凭证"), ("agency",))
CLIENT_REVOKED = Event("identity.client_revoked", N_("收回机构{agency}的接入凭证"), ("agency",))
LOGGED_IN = Event("identity.logged_in", N_("登录，方式：{method}"), ("method",))
LOGGED_OUT = Event("identity.logged_out", N_("退出登录"))
LOGIN_FAILED = Event("identity.login_failed", N_("登录失败"))
LOGIN_LOCKED = Event(
    "identity.login_locked", N_("多次登录失败，暂停登录至{until}"), ("scope", "until")
)
EXPIRED_PURGED = Event(
    "identity.expired_purged",
    N_("清理过期的令牌{tokens}个、会话{sessions}个"),
    ("tokens", "sessions"),
)

POST_REFUSED = Event(
    "identity.post_refused",
    N_("拒绝为账号{account}办理任职或代理，原因：{reason}"),
    ("account", "reason"),
)
LEAVE_RECORDED = Event(
    "identity.leave_recorded",
    N_("登记离岗：{away_from}至{away_until}，代理账号{deputy}"),
    ("account", "deputy", "away_from", "away_until"),
)
LEAVE_ENDED = Event("identity.leave_ended", N_("账号{account}提前返岗"), ("account",))
HOLDER_NAMED = Event("identity.holder_named", N_("登记账号的使用人"), ("person",))
ACCOUNT_LOCKED = Event("identity.account_locked", N_("停用账号：{reason}"), ("reason",))
ACCOUNT_UNLOCKED = Event("identity.account_unlocked", N_("恢复账号"))
ACCOUNT_RESET = Event(
    "identity.account_reset", N_("重置账号，移除第二因素{factors}个"), ("factors",)
)
ACCOUNT_REFUSED = Event("identity.account_refused", N_("拒绝管理账号，原因：{reason}"), ("reason",))
FACTOR_ADDED = Event("identity.factor_added", N_("添加登录方式：{kind}"), ("kind",))
FACTOR_REMOVED = Event("identity.factor_removed", N_("移除登录方式：{kind}"), ("kind",))
FACTOR_REFUSED = Event("identity.factor_refused", N_("第二因素没有通过：{kind}"), ("kind",))
SESSION_ENDED = Event("identity.session_ended", N_("结束登录{sessions}次"), ("sessions",))
ASSERTION_ACCEPTED = Event(
    "identity.assertion_accepted",
    N_("统一身份认证通过，来源{issuer}，实名等级{level}级"),
    ("issuer", "level", "account"),
)
ASSERTION_REFUSED = Event(
    "identity.assertion_refused", N_("拒绝统一身份认证结果，原因：{reason}"), ("issuer", "reason")
)
DELEGATION_GIVEN = Event(
    "identity.delegation_given",
    N_("代办授权，类别{kind}，事项{powers}，至{until}"),
    ("kind", "principal", "agent", "powers", "until"),
)
DELEGATION_RECORDED = Event(
    "identity.delegation_recorded",
    N_("窗口登记代办授权，类别{kind}，事项{powers}，至{until}"),
    ("kind", "principal", "agent", "powers", "until"),
)
DELEGATION_ENDED = Event(
    "identity.delegation_ended", N_("结束代办授权"), ("kind", "principal", "agent")
)
DELEGATION_REFUSED = Event(
    "identity.delegation_refused", N_("拒绝代办，原因：{reason}"), ("reason",)
)
SIGNED_IN_TO = Event(
    "identity.signed_in_to",
    N_("登录到系统{client}，实名等级{level}级"),
    ("client", "level"),
)
SIGNING_KEY_ISSUED = Event("identity.signing_key_issued", N_("生成登录签名密钥"))

EVENTS = (
    AGENCY_REGISTERED,
    POST_CREATED,
    POST_TAKEN,
    POST_LEFT,
    ACCOUNT_CREATED,
    PASSWORD_SET,
    PERSON_REGISTERED,
    PERSONS_REKEYED,
    LEGAL_PERSON_REGISTERED,
    CLIENT_ISSUED,
    CLIENT_REVOKED,
    LOGGED_IN,
    LOGGED_OUT,
    LOGIN_FAILED,
    LOGIN_LOCKED,
    EXPIRED_PURGED,
    POST_REFUSED,
    LEAVE_RECORDED,
    LEAVE_ENDED,
    HOLDER_NAMED,
    ACCOUNT_LOCKED,
    ACCOUNT_UNLOCKED,
    ACCOUNT_RESET,
    ACCOUNT_REFUSED,
    FACTOR_ADDED,
    FACTOR_REMOVED,
    FACTOR_REFUSED,
    SESSION_ENDED,
    ASSERTION_ACCEPTED,
    ASSERTION_REFUSED,
    DELEGATION_GIVEN,
    DELEGATION_RECORDED,
    DELEGATION_ENDED,
    DELEGATION_REFUSED,
    SIGNED_IN_TO,
    SIGNING_KEY_ISSUED,
)
