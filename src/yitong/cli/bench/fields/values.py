"""Values of a column by a short word for how they are made: `date:2018-2026`, `words:甲|乙`, `pat:A999`. All made up."""

import datetime as dt
import random
import string
from collections.abc import Callable
from typing import Final

from yitong.kernel.codes import (
    credit_code,
    licence_check_digit,
    organisation_check_digit,
    person_number,
)

Maker = Callable[[random.Random], str]

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
_GIVEN: Final = "晓明伟静敏强丽军洋勇艳杰娟涛秀霞平刚桂英华玉兰红飞玲志建国文辉力永健世广海山仁波宁贵福生龙元全胜学祥才发武新利清彬富顺信子昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘桐禾"
_PLACES: Final = ("桐花", "听澜", "澜江", "听泉", "示范", "桂香", "松涛", "云栖")
_TRADES: Final = ("水务", "建筑工程", "食品", "科技", "物业服务", "商贸", "医药", "物流")
_FORMS: Final = ("有限公司", "有限责任公司", "集团有限公司", "经营部", "合作社", "服务中心")
_LATIN: Final = ("Wang Wei", "LI JING", "Zhang Min", "CHEN XIAOMING", "Liu Yang", "Zhao Lei")
_FIRMS: Final = ("Tonghua Water Co., Ltd.", "Lanning Foods Ltd.", "Tingquan Tech Inc.")
_NOTES: Final = (
    "已核实",
    "材料齐全",
    "电话未接通，待回访",
    "无",
    "本月新增",
    "情况属实",
    "待补充材料",
    "与去年一致",
)
_DATE_FORMS: Final = ("%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
_BLANKS: Final = ("", "", "", "NULL", "-", "无")


def column_values(maker: str, rows: int, dice: random.Random) -> tuple[str, ...]:
    """A column of them: blanks as in real tables, and one value in fifty of something else."""
    make = _maker(maker, dice)
    blank = dice.choice((0.0, 0.02, 0.1, 0.35))
    faulty = dice.choice((0.0, 0.0, 0.02))
    found = []
    for _ in range(rows):
        if dice.random() < blank:
            found.append(dice.choice(_BLANKS))
        elif dice.random() < faulty:
            found.append(dice.choice(("待定", "0", "?", "见附件")))
        else:
            found.append(make(dice))
    return tuple(found)


def _maker(text: str, dice: random.Random) -> Maker:
    """Choices that a whole column has in common (date form, codes or names) are made here, once."""
    name, _, argument = text.partition(":")
    if name in _PLAIN:
        return _PLAIN[name]
    return _WITH_ARGUMENT[name](argument, dice)


def _person(dice: random.Random) -> str:
    born = dt.date(1945, 1, 1) + dt.timedelta(days=dice.randrange(28_000))
    return person_number(dice.choice(("890102", "890121", "890105")), born, dice.randrange(1, 999))


def _name(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2, 2))))


def _org(dice: random.Random) -> str:
    return f"澜宁市{dice.choice(_PLACES)}{dice.choice(_TRADES)}{dice.choice(_FORMS)}"


def _address(dice: random.Random) -> str:
    where = f"{dice.choice(_PLACES)}路{dice.randrange(1, 300)}号"
    room = f"{dice.randrange(1, 30)}栋{dice.randrange(101, 2000)}室"
    return dice.choice((f"示例省澜宁市听澜区{where}{room}", f"{where}{room}", f"听澜区{where}"))


def _luhn(dice: random.Random) -> str:
    body = "62" + "".join(dice.choices(string.digits, k=16))
    doubled = [sum(divmod(int(d) * 2, 10)) for d in body[-1::-2]]
    total = sum(doubled) + sum(map(int, body[-2::-2]))
    return body + str(-total % 10)


def _credit(dice: random.Random) -> str:
    return credit_code("9", "1", "890102", "DM" + "".join(dice.choices(string.digits, k=6)))


def _org_code(dice: random.Random) -> str:
    body = "DM" + "".join(dice.choices(string.digits, k=6))
    return f"{body}-{organisation_check_digit(body)}"


def _licence(dice: random.Random) -> str:
    parts = [
        "11100000000013338W" + f"{dice.randrange(1, 99):03d}",
        _credit(dice),
        f"{dice.randrange(10**9):09d}",
        "001",
    ]
    return ".".join(["1.2.156.3005.2", *parts, licence_check_digit("".join(parts))])


def _phone(dice: random.Random) -> str:
    return f"100{dice.randrange(10**8):08d}"


def _landline(dice: random.Random) -> str:
    return f"0{dice.choice(('10', '571', '898'))}-{dice.randrange(2_000_0000, 8_999_9999)}"


def _email(dice: random.Random) -> str:
    return f"{''.join(dice.choices(string.ascii_lowercase, k=6))}@example.invalid"


def _plate(dice: random.Random) -> str:
    return f"云{dice.choice('ABCDE')}{''.join(dice.choices('ABCDEFGH' + string.digits * 3, k=4))}7"


def _vin(dice: random.Random) -> str:
    return "L" + "".join(dice.choices("ABCDEFGHJKLMNPRSTUVWXYZ" + string.digits, k=15)) + "1"


def _icd(dice: random.Random) -> str:
    letter = dice.choice(string.ascii_uppercase[:20])
    return f"{letter}{dice.randrange(100):02d}.{dice.randrange(1000):03d}"


def _doc_no(dice: random.Random) -> str:
    return f"澜{dice.choice(('政', '市监罚', '环罚', '民'))}发〔{dice.randrange(2018, 2027)}〕{dice.randrange(1, 900)}号"


def _point(dice: random.Random) -> str:
    return f"{dice.uniform(100, 120):.5f},{dice.uniform(20, 40):.5f}"


def _dates(argument: str, dice: random.Random) -> Maker:
    low, high = (dt.date(int(year), 1, 1) for year in argument.split("-"))
    form, days = dice.choice(_DATE_FORMS), max(1, (high - low).days)
    return lambda each: (low + dt.timedelta(days=each.randrange(days))).strftime(form)


def _integers(argument: str, _: random.Random) -> Maker:
    low, high = map(int, argument.split("-"))
    return lambda dice: str(dice.randint(low, high))


def _decimals(argument: str, _: random.Random) -> Maker:
    span, places = argument.rsplit(":", 1)
    low, high = map(float, span.rsplit("-", 1))
    return lambda dice: f"{dice.uniform(low, high):.{places}f}"


def _words(argument: str, _: random.Random) -> Maker:
    choices = argument.split("|")
    return lambda dice: dice.choice(choices)


def _pattern(argument: str, _: random.Random) -> Maker:
    signs = {"9": string.digits, "a": string.ascii_lowercase, "H": "0123456789ABCDEF"}
    return lambda dice: "".join(dice.choice(signs.get(sign, sign)) for sign in argument)


def _set(argument: str, dice: random.Random) -> Maker:
    """Codes or names of a national code table, as the column has it."""
    from yitong.data.standards.api import edition

    values = edition().code_sets[argument].values
    codes = [value.code for value in values if value.code]
    chosen = codes if len(codes) > 2 and dice.random() < 0.3 else [v.name for v in values]
    some = dice.sample(chosen, k=min(len(chosen), dice.choice((4, 8, 12))))
    return lambda each: each.choice(some)


_PLAIN: Final[dict[str, Maker]] = {
    "person": _person,
    "name": _name,
    "childname": _name,
    "latinname": lambda dice: dice.choice(_LATIN),
    "latinorg": lambda dice: dice.choice(_FIRMS),
    "org": _org,
    "orgshort": lambda dice: f"{dice.choice(_PLACES)}{dice.choice(_TRADES)}",
    "address": _address,
    "phone": _phone,
    "landline": _landline,
    "email": _email,
    "card": _luhn,
    "plate": _plate,
    "vin": _vin,
    "icd": _icd,
    "credit": _credit,
    "orgcode": _org_code,
    "licence": _licence,
    "docno": _doc_no,
    "point": _point,
    "disability_card": lambda dice: _person(dice) + f"{dice.randint(1, 7)}{dice.randint(1, 4)}",
    "pressure": lambda dice: f"{dice.randrange(95, 160)}/{dice.randrange(60, 100)}",
    "lng": lambda dice: f"{dice.uniform(100, 120):.6f}",
    "lat": lambda dice: f"{dice.uniform(20, 40):.6f}",
    "region": lambda dice: dice.choice(("890102", "890105", "890121", "890102001", "890100")),
    "year": lambda dice: str(dice.randrange(2010, 2027)),
    "yearbuilt": lambda dice: str(dice.randrange(1970, 2026)),
    "month": lambda dice: f"{dice.randrange(2018, 2027)}{dice.randrange(1, 13):02d}",
    "datetime": lambda dice: (
        f"2026-{dice.randrange(1, 13):02d}-{dice.randrange(1, 28):02d} "
        f"{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}"
    ),
    "bool": lambda dice: dice.choice(("是", "否")),
    "url": lambda dice: f"https://example.invalid/{dice.randrange(9999)}",
    "ip": lambda dice: f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}",
    "text": lambda dice: dice.choice(_NOTES),
    "serial": lambda dice: str(dice.randrange(1, 10**6)),
    "itemcode": lambda dice: f"000120{dice.randrange(10**6):06d}",
}
_WITH_ARGUMENT: Final[dict[str, Callable[[str, random.Random], Maker]]] = {
    "date": _dates,
    "int": _integers,
    "dec": _decimals,
    "words": _words,
    "pat": _pattern,
    "set": _set,
}
