"""What identity refuses about agencies, posts, accounts, persons and clients."""

from yitong.kernel.errors import N_, Refusal


class UnknownAgency(Refusal):
    """No agency of this name."""

    code = "unknown_agency"
    kind = "not_found"
    sentence = N_("没有名为“{name}”的机构。名称相近的有：{nearest}。")
    remedy = N_("请核对机构全称；新机构由数据主管部门登记后再用。")


class UnknownAgencyCode(Refusal):
    """No agency with this credit code."""

    code = "unknown_agency_code"
    kind = "not_found"
    sentence = N_("没有统一社会信用代码为“{key}”的机构。")
    remedy = N_("请核对代码；新机构由数据主管部门登记后再用。")


class AgencyExists(Refusal):
    """The code or the name is taken."""

    code = "agency_exists"
    kind = "conflict"
    sentence = N_("机构“{name}”或其统一社会信用代码已经登记。")
    remedy = N_("直接使用已登记的机构，不要重复登记。")


class UnknownAgencyKind(Refusal):
    """Not one of the kinds of agencies."""

    code = "unknown_agency_kind"
    kind = "invalid"
    sentence = N_("没有“{kind}”这一机构类别。")
    remedy = N_("机构类别只能是：{known}。")


class DataAuthorityExists(Refusal):
    """A region has one 政务数据共享主管部门."""

    code = "data_authority_exists"
    kind = "conflict"
    sentence = N_("区划{region}已有政务数据共享主管部门：{name}。")
    remedy = N_("同一级政府只确定一个主管部门；有变动的，先变更原机构。")


class UnknownPost(Refusal):
    """No post with this key."""

    code = "unknown_post"
    kind = "not_found"
    sentence = N_("没有编号为“{key}”的岗位。")
    remedy = N_("请核对岗位编号，或者先设立岗位。")


class UnknownRole(Refusal):
    """Not one of the roles that a post may have."""

    code = "unknown_role"
    kind = "invalid"
    sentence = N_("没有“{role}”这一角色。")
    remedy = N_("角色只能是：{known}。")


class PostTaken(Refusal):
    """The post has a holder at that time."""

    code = "post_taken"
    kind = "conflict"
    sentence = N_("岗位“{key}”在这段时间已有人任职。")
    remedy = N_("先办理前任离任，再任命新人。")


class InvalidPeriod(Refusal):
    """An end that is not after its beginning."""

    code = "invalid_period"
    kind = "invalid"
    sentence = N_("任职结束时间须晚于开始时间。")
    remedy = N_("请核对起止时间。")


class PostNotHeld(Refusal):
    """The account does not hold the post now."""

    code = "post_not_held"
    sentence = N_("该账号现在不任“{key}”岗位。")
    remedy = N_("请以自己现任的岗位办理。")


class ThreeAdministratorsApart(Refusal):
    """三员: one person may not be two of system, security and audit administrator."""

    code = "three_administrators_apart"
    worded = ("held", "wanted")
    sentence = N_(
        "此人已任{held}，不能再任{wanted}：系统管理员、安全管理员、审计管理员须由三人分任。"
    )
    remedy = N_("请任命另一人，或者先由接任的人接过{held}岗位。")


class NotStaff(Refusal):
    """Only staff hold posts."""

    code = "not_staff"
    sentence = N_("该账号不是工作人员账号，不能任职。")
    remedy = N_("请为其另开工作人员账号；个人账号只用于办自己的事。")


class UnknownAccount(Refusal):
    """No account of this user name."""

    code = "unknown_account"
    kind = "not_found"
    sentence = N_("没有这个账号。")
    remedy = N_("请核对用户名。")


class InvalidUsername(Refusal):
    """Neither an identity number nor a phone may be a user name."""

    code = "invalid_username"
    kind = "invalid"
    sentence = N_(
        "用户名须以小写字母开头，由 3 至 64 位小写字母、数字、点、下划线或连字符组成；身份证件号码和手机号不能作用户名。"
    )
    remedy = N_("请另取一个用户名。")


class UsernameTaken(Refusal):
    """The user name belongs to another account."""

    code = "username_taken"
    kind = "conflict"
    sentence = N_("这个用户名已被使用。")
    remedy = N_("请另取一个用户名。")


class UnknownAccountKind(Refusal):
    """Not one of the kinds of accounts."""

    code = "unknown_account_kind"
    kind = "invalid"
    sentence = N_("没有“{kind}”这一账号类别。")
    remedy = N_("账号类别只能是：{known}。")


class WeakPassword(Refusal):
    """The password would not stand."""

    code = "weak_password"
    kind = "invalid"
    sentence = N_("密码不合要求：{faults}")
    remedy = N_("请换一个更长、不常见的密码。")


class PersonExists(Refusal):
    """One row a number."""

    code = "person_exists"
    kind = "conflict"
    sentence = N_("此人已经登记。")
    remedy = N_("使用已登记的记录；信息有误的，申请更正。")


class AccountHasPerson(Refusal):
    """One person an account."""

    code = "account_has_person"
    kind = "conflict"
    sentence = N_("该账号已经绑定自然人，或者不是个人账号。")
    remedy = N_("请用本人的个人账号绑定。")


class InvalidPerson(Refusal):
    """A name, a phone or an assurance level that cannot be."""

    code = "invalid_person"
    kind = "invalid"
    sentence = N_("姓名不能为空，电话须为 7 至 15 位数字，实名等级须为 1 至 5 级。")
    remedy = N_("请补全后再登记。")


class InvalidContact(Refusal):
    """A mail address or a telephone that cannot be."""

    code = "invalid_contact"
    kind = "invalid"
    sentence = N_("邮箱地址或者电话不对：邮箱要像 name@example.cn，电话须为 7 至 15 位数字。")
    remedy = N_("请改正后再保存；不想留的，可以空着。")


class NotAPerson(Refusal):
    """The account is not bound to a natural person."""

    code = "not_a_person"
    kind = "not_found"
    sentence = N_("该账号没有绑定自然人。")
    remedy = N_("请先完成实名核验，再查看本人数据。")


class LegalPersonExists(Refusal):
    """One row a credit code."""

    code = "legal_person_exists"
    kind = "conflict"
    sentence = N_("统一社会信用代码为“{key}”的法人已经登记。")
    remedy = N_("使用已登记的记录；信息有误的，申请更正。")


class UnknownLegalKind(Refusal):
    """Not one of the kinds of legal persons."""

    code = "unknown_legal_kind"
    kind = "invalid"
    sentence = N_("没有“{kind}”这一法人类别。")
    remedy = N_("法人类别只能是：{known}。")


class UnknownClient(Refusal):
    """No machine client of this id."""

    code = "unknown_client"
    kind = "not_found"
    sentence = N_("没有编号为“{key}”的接入凭证。")
    remedy = N_("请核对编号，或者申请新的接入凭证。")


class ClientIsRevoked(Refusal):
    """The client was revoked."""

    code = "client_revoked"
    sentence = N_("接入凭证“{key}”已经收回。")
    remedy = N_("需要继续接入的，申请新的接入凭证。")


class ScopeUnknown(Refusal):
    """A client is given known powers only."""

    code = "identity_scope_unknown"
    kind = "invalid"
    sentence = N_("没有“{scope}”这项范围。")
    remedy = N_("可以给的有：{known}。")


class ClientNameTaken(Refusal):
    """The agency has an active client of this name."""

    code = "client_name_taken"
    kind = "conflict"
    sentence = N_("{agency}已有名为“{name}”的有效接入凭证。")
    remedy = N_("继续使用该凭证；密钥遗失的，先收回再申请。")


class HolderUnknown(Refusal):
    """三员 have to be known as persons, else two accounts of one person could be two of them."""

    code = "holder_unknown"
    worded = ("wanted",)
    sentence = N_("该账号没有登记本人，不能任{wanted}：系统无法核对三员是否由三个人分任。")
    remedy = N_("请先为该账号登记本人（姓名和公民身份号码），再任命。")


class HandOverMissing(Refusal):
    """Who leaves one of the three roles takes another only when somebody has taken over the first."""

    code = "hand_over_missing"
    worded = ("held", "wanted")
    sentence = N_("此人卸任的{held}岗位还没有人接任，交接完成前不能任{wanted}。")
    remedy = N_("请先为原岗位任命接任的人，再办理这项任命。")


class NotOneself(Refusal):
    """Nobody gives herself rights, through whichever account."""

    code = "not_oneself"
    sentence = N_("不能给自己任职、代理或者重置自己的账号，用自己的另一个账号也不行。")
    remedy = N_("请由另一位管理员办理。")


class LeaveInTheWay(Refusal):
    """The leave overlaps another one, or the deputy cannot be."""

    code = "leave_in_the_way"
    kind = "conflict"
    sentence = N_("岗位“{key}”在这段时间已有一次离岗登记，或者代理人就是任职者本人。")
    remedy = N_("请先结束原来的离岗登记，或者换一位代理人。")


class AccountAlready(Refusal):
    """Locked twice, or unlocked while open."""

    code = "account_already"
    kind = "conflict"
    sentence = N_("该账号已经是“{state}”状态。")
    remedy = N_("请刷新后再看账号现在的状态。")


class HasHolder(Refusal):
    """The person behind an account is stated once."""

    code = "account_has_holder"
    kind = "conflict"
    sentence = N_("该账号已经登记了本人，或者不是工作人员账号。")
    remedy = N_("换人使用的，请停用该账号，另开新账号。")
