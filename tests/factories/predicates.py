"""Fields, rows and rules for tests of predicates: everything that engines might differ on."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from yitong.kernel.predicates import Field, Kind, Schema

STRANGE = 'a"b %s ?'
FIELDS = (
    Field("户籍地", Kind.REGION),
    Field("居住地", Kind.REGION),
    Field("出生日期", Kind.DATE),
    Field("办理日期", Kind.DATE),
    Field("收入", Kind.MONEY, label="家庭月收入"),
    Field("人数", Kind.INTEGER),
    Field("面积", Kind.DECIMAL, digits=18, scale=4),
    Field("系数", Kind.DECIMAL, digits=6, scale=2),
    Field("类别", Kind.TEXT),
    Field(STRANGE, Kind.TEXT),
    Field("低保", Kind.BOOLEAN),
    Field("残疾", Kind.BOOLEAN),
)
SCHEMA = Schema(FIELDS)
TYPES = {
    Kind.REGION: "text",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.MONEY: "bigint",
    Kind.INTEGER: "bigint",
    Kind.BOOLEAN: "boolean",
}
DAYS = [
    dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2023, 3, 1), dt.date(2026, 11, 22), dt.date(2024, 12, 31),
    dt.date(2024, 1, 31), dt.date(2000, 2, 29), dt.date(1944, 2, 29), dt.date(1943, 3, 1), dt.date(1946, 11, 22),
    dt.date(1946, 11, 23), dt.date(2023, 8, 31), dt.date(1, 1, 1), dt.date(9999, 12, 31),
]  # fmt: skip
EXTREMES = [0, 1, -1, 5, 80, -(1 << 63), (1 << 63) - 1, (1 << 31), -(1 << 31) - 1, 10**18]
TEXTS = [
    "",
    "一般",
    "一",
    "一般户",
    "特困",
    "a",
    "A",
    "ab",
    "a_",
    "a%",
    "ÿ",
    "é",
    "𠮷野",
    "\uffff",
    " ",
    "'",
    "低保\n户",
]
WRITABLE = [text for text in TEXTS if text.isprintable() and text != "\uffff"]
REGIONS = [
    "89", "8901", "890102", "890102001", "890102001010", "890000", "890100", "890102000", "890102000000",
    "890100000000", "890000000000", "88", "880102", "8902", "890103", "890103001001", "8900", "", "89010",
    "8901020", "89010x", "890102x", "８９０１", "890102\n", "890102 ",
]  # fmt: skip
CODES = ["89", "8901", "890102", "890100", "890102001", "890102001010", "890102000000"]

days = st.sampled_from(DAYS) | st.dates()
integers = st.sampled_from(EXTREMES) | st.integers(-(1 << 63), (1 << 63) - 1)


def decimals(digits: int, scale: int):
    most = 10**digits - 1
    whole = st.sampled_from([0, 1, -1, most, -most, 5 * 10**scale]) | st.integers(-most, most)
    return whole.map(lambda number: Decimal(number).scaleb(-scale))


def values_for(field: Field):
    match field.kind:
        case Kind.REGION:
            return st.sampled_from(REGIONS)
        case Kind.DATE:
            return days
        case Kind.MONEY | Kind.INTEGER:
            return integers
        case Kind.DECIMAL:
            return decimals(field.digits, field.scale)
        case Kind.TEXT:
            return st.sampled_from(TEXTS) | st.text(
                st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4
            )
    return st.booleans()


rows = st.fixed_dictionaries({field.name: st.none() | values_for(field) for field in FIELDS})


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if name == STRANGE else name


# Rules -------------------------------------------------------------------------------------------

OPS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
small = st.integers(-3, 130).map(str)
number_literals = (
    small | st.sampled_from(EXTREMES).map(str) | st.sampled_from(["1.5", "0.00", "99.9900", "-0.5"])
)
date_literals = days.map(lambda day: f"date '{day.isoformat()}'")
text_literals = st.sampled_from(WRITABLE).map(quoted)
dates = st.one_of(
    st.just("出生日期"), st.just("办理日期"), st.just("today()"), date_literals,
    date_literals.map(lambda day: f"coalesce(办理日期, {day})"),
)  # fmt: skip
ages = st.builds("age({})".format, dates) | st.builds("age({}, {})".format, dates, dates)
months = st.builds("months_between({}, {})".format, dates, dates)
leaves = st.one_of(
    st.sampled_from(["人数", "面积", "系数", "coalesce(人数, 3)", "coalesce(系数, 1.5)"]), number_literals, ages, months
)  # fmt: skip
numbers = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({})".format, inner),
        st.builds("- ({})".format, inner),
    ),
    max_leaves=3,
)
moneys = st.sampled_from(
    ["收入", "收入 + 100", "收入 * 12", "coalesce(收入, 0)", "收入 - 收入", "- 收入", "系数 * 收入"]
)
negation = st.sampled_from(["", "not "])
spaces = st.sampled_from([" ", "\n", "  \t"])


def listed(options):
    return st.lists(options, min_size=1, max_size=3).map(", ".join)


def plain_clauses(number, date):
    """What stands in the text as the engines themselves read it."""
    return st.one_of(
        st.builds("{} {} {}".format, number, OPS, number),
        st.builds("{} {} {}".format, date, OPS, date),
        st.builds("{} {} {}".format, st.sampled_from(["类别", named(STRANGE)]), st.sampled_from(["=", "<>"]), text_literals),
        st.builds("类别 {}in ({})".format, negation, listed(text_literals)),
        st.builds("{} {}in ({})".format, number, negation, listed(number_literals)),
        st.builds("{} {}between {} and {}".format, number, negation, number, number),
        st.builds("{} {}between {} and {}".format, date, negation, date, date),
        st.builds("{} is {}null".format, st.sampled_from([named(field.name) for field in FIELDS]), negation),
        st.builds("类别 {}like {}".format, negation, st.sampled_from(["一", "a", "特困", "é"]).map(lambda p: quoted(p + "%"))),
        st.sampled_from(["低保", "残疾", "低保 = true", "残疾 <> true", "低保 = false"]),
    )  # fmt: skip


clauses = st.one_of(
    plain_clauses(numbers, dates),
    st.builds("{} {} {}".format, moneys, OPS, moneys | number_literals.filter(lambda n: "." not in n)),
    st.builds("{} {} {}".format, ages | months, OPS, small),
    st.builds("{} between {} and {}".format, ages | months, small, small),
    st.builds("within({}, '{}')".format, st.sampled_from(["户籍地", "居住地", "coalesce(户籍地, '8901')"]), st.sampled_from(CODES)),
    st.just("coalesce(低保, false)"),
    text_literals.map(lambda text: f"coalesce(类别, {text}) = {text}"),
)  # fmt: skip


def joined(clause):
    return st.recursive(
        clause,
        lambda inner: st.one_of(
            st.builds("{}{}and{}{}".format, inner, spaces, spaces, inner),
            st.builds("{} OR {}".format, inner, inner),
            st.builds("not {}".format, inner),
            st.builds("NOT ({})".format, inner),
            st.builds("({})".format, inner),
        ),
        max_leaves=5,
    )


rules = joined(clauses)
# For the text itself put to an engine: nothing that only we write otherwise (functions), nothing that overflows there.
plain_rules = joined(
    plain_clauses(
        st.sampled_from(
            [
                "人数",
                "面积",
                "系数",
                "人数 + 2",
                "人数 - 3 - 面积",
                "2 * 人数 + 1",
                "- 人数 * 2",
                "7",
                "1.5",
            ]
        ),
        st.sampled_from(["出生日期", "办理日期", "date '2024-02-29'"]),
    )
)
plain_rows = st.lists(
    rows.map(
        lambda row: {
            **row,
            "人数": row["人数"] and row["人数"] % 7,
            "面积": row["面积"] and Decimal(int(row["面积"]) % 9),
        }
    ),
    min_size=1,
    max_size=5,
)
