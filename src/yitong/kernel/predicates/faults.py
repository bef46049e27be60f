"""What a rule is refused for, and where in its text."""

from collections.abc import Callable
from typing import ClassVar

from yitong.kernel.errors import N_, Kind, Refusal

HEAD = N_("规则第 {line} 行第 {column} 列：{reason}")


class PredicateRefusal(Refusal):
    """A rule that cannot have one meaning everywhere: its place (counted from one) and the reason."""

    code = "predicate_refused"
    kind: ClassVar[Kind] = "invalid"
    sentence = HEAD
    remedy = N_("按所说的位置改写规则；写法见《规则怎么写》。")

    def __init__(self, reason: str, *, line: int = 1, column: int = 1, **places: object) -> None:
        super().__init__(reason=reason, line=line, column=column, **places)
        self.line, self.column = line, column

    def say(self, translate: Callable[[str], str] = str) -> str:
        places = self._told(translate)
        reason = translate(str(places["reason"])).format(**places)
        return translate(self.sentence).format(**{**self.places, "reason": reason})


class PredicateTooLarge(PredicateRefusal):
    """Longer, deeper or with more clauses than anybody could answer for."""

    code = "predicate_too_large"
    remedy = N_("把规则拆成几条，或者把名单放进代码表。")


class PredicateUnreadable(PredicateRefusal):
    """Not the text of one condition."""

    code = "predicate_unreadable"


class PredicateNotAllowed(PredicateRefusal):
    """SQL, but outside the language of rules: engines differ on it, or it hides what is not known."""

    code = "predicate_not_allowed"


class PredicateFieldUnknown(PredicateRefusal):
    """Names something that the table does not have."""

    code = "predicate_field_unknown"
    remedy = N_("核对数据项的名称；名称里有空格或符号的，用双引号括起来。")


class PredicateMistyped(PredicateRefusal):
    """Compares or calculates what does not belong together."""

    code = "predicate_mistyped"

    def _told(self, translate: Callable[[str], str]) -> dict[str, object]:
        """Where a reason names two kinds, they are words themselves."""
        kinds = {name: self.places[name] for name in ("left", "right") if name in self.places}
        return {**self.places, **{name: translate(str(word)) for name, word in kinds.items()}}


class PredicateOverflow(PredicateRefusal):
    """Its numbers could grow beyond 38 digits, where engines differ."""

    code = "predicate_overflow"
    remedy = N_("减少相乘的项，或用更小的数。")


class ValueUnfit(Refusal):
    """A row's value is not of its field's kind. What it is does not stand in the sentence."""

    code = "predicate_value_unfit"
    kind: ClassVar[Kind] = "invalid"
    sentence = N_("“{field}”的值不是{kind}，不能用来判断。")
    remedy = N_("核对数据的类型；读不懂的值当作不知道。")
    worded = ("kind",)


# Reasons -----------------------------------------------------------------------------------------

EMPTY = N_("规则是空的")
TOO_LONG = N_("规则有 {length} 个字符，最多 {most} 个")
TOO_MANY_WORDS = N_("规则的词太多，最多 {most} 个")
TOO_DEEP = N_("嵌套太深，最多 {most} 层")
TOO_MANY_CLAUSES = N_("条件太多，最多 {most} 个")
TOO_MANY_VALUES = N_("IN 的名单太长，最多 {most} 个")
STRAY_SIGN = N_("不能用字符 {sign}")
WIDE_SIGN = N_("“{sign}”是全角符号，请用半角的“{narrow}”")
HIDDEN_SIGN = N_("有看不见的或不规范的字符 {sign}")
OPEN_QUOTE = N_("引号没有闭合")
COMMENT = N_("规则里不能有注释")
UNREADABLE = N_("从这里读不懂")
NOT_LISTED = N_("“{what}”不在规则的写法里")
STATEMENT = N_("规则只是一个条件，不能有第二个语句")
SUBQUERY = N_("规则不能有子查询")
DIVISION = N_("规则没有除法：各数据库算出来不一样，请改写成乘法")
CAST = N_("规则不转换类型；日期写成 DATE '2026-11-22'")
BRANCH = N_("规则没有 CASE；用 AND、OR 写明各种情形")
PARAMETER = N_("规则里不能有参数占位符")
DOTTED = N_("直接写数据项的名称，不带表名")
JOINED = N_("规则不拼接文字")
PATTERN = N_("LIKE 只能写固定的开头加一个 %，例如 '8901%'；不用 _、\\ 和正则表达式")
IS_NULL_ONLY = N_("IS 后面只能是 NULL 或 NOT NULL：其他写法会把“不知道”说成“否”")
NULL_STRAY = N_("NULL 不能比较；判断有没有值用 IS NULL")
FLOAT = N_("数要写成整数或定点小数，不能用科学记数、十六进制")
TOO_MANY_DIGITS = N_("数最多 {most} 位")
NO_DATE = N_("“{text}”不是日期，写成 DATE '2026-11-22'")
CLOCK = N_("规则不看时钟；用 today() 表示判断的那一天")
FUNCTION_UNKNOWN = N_("没有函数 {name}；可以用 {known}")
FUNCTION_SHAPE = N_("{name} 应写成 {shape}")
FIELD_UNKNOWN = N_("没有数据项“{name}”")
FIELD_NEAR = N_("没有数据项“{name}”；是不是“{near}”")
NOT_A_CONDITION = N_("这里要一个条件，例如 收入 <= 300000")
NOT_A_VALUE = N_("这里要一个数据项或值，不是条件")
NOT_COMPARABLE = N_("{left}不能与{right}相比")
NO_FIELD = N_("这个条件没有用到任何数据项")
TEXT_ORDER = N_("文字不比大小：各数据库的排序不一样；用 =、IN 或 LIKE")
BOOLEAN_ORDER = N_("“是否”类的数据项只能单独写，或者 = TRUE、= FALSE")
REGION_ONLY_WITHIN = N_("区划用 within(数据项, '代码') 判断：同一个地方有几种写法")
NOT_NUMBERS = N_("只有数可以加减乘，{left}和{right}不行")
MIXED_UNITS = N_("金额不能与普通的数相加减或相比；金额以分计")
TWO_MONEYS = N_("金额不能与金额相乘")
MONEY_POINT = N_("金额以分计，写整数：300000 是 3000 元")
LITERALS_ONLY = N_("名单里只能写固定的值")
COALESCE_FIELD = N_("coalesce 只能写成 coalesce(数据项, 固定的值)，两者同类")
NOT_A_REGION = N_("“{text}”不是区划代码")
TOO_LARGE_NUMBER = N_("算出来的数可能超过 38 位")
