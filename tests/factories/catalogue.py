"""Tables as profiling describes them, columns as recognised, and entries made from them. All synthetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yitong.data.catalogue.drafting import Recognised, Wishes, propose
from yitong.data.catalogue.grading import Grade
from yitong.data.catalogue.proposal import Proposal

OWNER = "澜宁市民政局"


@dataclass(frozen=True)
class ColumnFacts:
    name: str
    header: str
    type_letter: str = "C"
    max_length: int = 20
    null_count: int = 0
    distinct: int = 100
    is_key: bool = False
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def unique(self) -> str:
        return "yes" if self.distinct == 100 else "no"


@dataclass(frozen=True)
class TableFacts:
    columns: list[ColumnFacts]
    row_count: int = 100
    name: str = "people"
    faults: list[object] = field(default_factory=list)


SERIOUS = "泄露后能识别或联系到个人，属严重危害"
GRAVE = "属个人信息保护法第二十八条的敏感个人信息，属特别严重危害"
G1, G3, G4 = Grade.GENERAL_1, Grade.GENERAL_3, Grade.GENERAL_4
NUMBER = Recognised(
    "DE01001", "公民身份号码", ("列名相同",), "C", "identity", "person", G3, SERIOUS, "id"
)
NAME = Recognised("DE01002", "姓名", ("列名相同",), "C", "basic", "", G3, SERIOUS, "name")
PHONE = Recognised("DE01020", "联系电话", (), "C", "contact", "", G3, SERIOUS, "phone")
DIAGNOSIS = Recognised("DE06001", "诊断", (), "C", "health", "", G4, GRAVE, "hidden")
CREDIT_CODE = Recognised("DE02001", "统一社会信用代码", (), "C", "", "org", Grade.GENERAL_2, "单位")
FIRM_NAME = Recognised("DE02002", "单位名称", (), "C", "", "", G1, "依法应当公示的单位信息")


def people_table(**changes: object) -> TableFacts:
    table = TableFacts(
        [
            ColumnFacts("sfzh", "身份证号", max_length=18),
            ColumnFacts("xm", "姓名", distinct=97),
            ColumnFacts("lxdh", "联系电话", distinct=99),
            ColumnFacts("zt", "保障状态", distinct=2),
            ColumnFacts("rq", "起始日期", "D", distinct=30),
        ]
    )
    return replace(table, **changes)


PEOPLE = {"sfzh": NUMBER, "xm": NAME, "lxdh": PHONE}


def firms_table() -> TableFacts:
    return TableFacts(
        [
            ColumnFacts("xydm", "统一社会信用代码", max_length=18),
            ColumnFacts("mc", "名称"),
            ColumnFacts("zt", "状态", distinct=3),
        ]
    )


FIRMS = {"xydm": CREDIT_CODE, "mc": FIRM_NAME}


def people_entry(name: str = "最低生活保障对象", owner: str = OWNER, **wishes: str) -> Proposal:
    return propose(people_table(), PEOPLE, owner=owner, name=name, wishes=Wishes(**wishes))


def firms_entry(name: str = "社会组织登记", owner: str = OWNER, **wishes: str) -> Proposal:
    return propose(firms_table(), FIRMS, owner=owner, name=name, wishes=Wishes(**wishes))
