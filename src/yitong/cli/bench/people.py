"""A table of people that is published and granted, furnished through the actions: what `gateway` reads."""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yitong.cli.speech import Speech
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import credit_code, person_number

if TYPE_CHECKING:
    from yitong.base.identity.api import Agency

OPERATOR = Actor.operator("bench")
PEOPLE = 2_000
PURPOSE = "school-admission"
HEADERS = ("公民身份号码", "姓名", "性别", "出生日期", "户籍地址", "居住地址", "手机号码", "备注")
ADDRESS = "示例省澜宁市听澜区桐花街道桐花社区桐花路18号6栋{number}室"
REMARK = "合成数据，只用于性能测量。" * 12  # brings an answer to about 1 KB


@dataclass(frozen=True, slots=True)
class GrantedPeople:
    """What a caller needs, and the numbers of those who are there."""

    resource: str
    table_key: str
    client_id: str
    secret: str
    numbers: tuple[str, ...]


def number_of(sequence: int) -> str:
    born = dt.date(1950, 1, 1) + dt.timedelta(days=sequence * 7)
    return person_number("890102", born, sequence % 900 + 1)


def write_people(path: Path) -> tuple[str, ...]:
    """A synthetic CSV; the numbers in it."""
    numbers = tuple(number_of(sequence) for sequence in range(PEOPLE))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADERS)
        for sequence, number in enumerate(numbers):
            born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            address = ADDRESS.format(number=sequence)
            sex = "男" if int(number[16]) % 2 else "女"
            phone = f"100{sequence:08d}"
            out.writerow((number, f"林测{sequence}", sex, born, address, address, phone, REMARK))
    return numbers


def furnish(folder: Path) -> GrantedPeople:
    """Agencies, officers, the shared table and one grant, each by its action."""
    from yitong.base.identity import api as identity
    from yitong.cli.filing import holder
    from yitong.data.sharing import api as sharing
    from yitong.data.standards.api import load_standards

    load_standards(by=OPERATOR)
    sharing.load_purposes(by=OPERATOR)
    path = folder / "people.csv"
    numbers = write_people(path)
    provider = _agency(1, "澜宁市公安局", "secrecy", "dept_head", "sharing_head")
    requester = _agency(2, "澜宁市教育局", "sharing_head")
    _agency(3, "澜宁市政务服务和数据管理局", "data_reviewer", is_data_authority=True)
    resource, table_key = _published(path, provider.name)
    client = identity.clients.issue_client(by=OPERATOR, agency=requester, name="测量")
    sharing.grant(
        order=sharing.Order(
            resource=resource,
            client=client.client_id,
            fields=HEADERS,
            purpose=PURPOSE,
            until=clock.today() + dt.timedelta(days=90),
            rate_per_minute=600_000,
        ),
        by=OPERATOR,
        requester=holder(requester, "sharing_head"),
        provider=holder(provider, "sharing_head"),
    )
    return GrantedPeople(resource, table_key, client.client_id, client.secret, numbers)


def _agency(number: int, name: str, *roles: str, is_data_authority: bool = False) -> "Agency":
    """With one officer a role."""
    from yitong.base.identity import api as identity

    agency = identity.register_agency(
        by=OPERATOR,
        code=credit_code("1", "1", "890100", f"DM{number:06d}"),
        name=name,
        kind="块",
        region="8901",
        is_data_authority=is_data_authority,
        is_demo=True,
    )
    for place, role in enumerate(roles):
        post = identity.posts.create_post(by=OPERATOR, agency=agency, role=role)
        account = identity.create_account(
            by=OPERATOR, username=f"bench{number}{place}", kind="staff"
        )
        identity.appoint(by=OPERATOR, post=post.key, account=account)
    return agency


def _published(path: Path, owner: str) -> tuple[str, str]:
    """The code and table of the entry, signed by the officers."""
    from yitong.cli.filing import Wanted, examine, file_draft, hand_on
    from yitong.data.catalogue.api import Wishes

    wanted = Wanted(str(path), owner, "户籍人口基本信息", Wishes(source=str(path)))
    speech = Speech(as_json=True)
    examined = examine(wanted, speech=speech, by=OPERATOR)
    filed = hand_on(file_draft(examined, speech=speech, by=OPERATOR), is_demo=True, by=OPERATOR)
    return filed.resource.code, filed.resource.table_key
