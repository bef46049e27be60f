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
)
