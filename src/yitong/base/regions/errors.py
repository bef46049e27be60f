"""What regions refuses."""

from yitong.kernel.errors import N_, Refusal


class InvalidRegionCode(Refusal):
    """The text is no code of a division."""

    code = "region_code_malformed"
    kind = "invalid"
    sentence = N_("「{code}」不是行政区划代码：应为 2、4、6、9 或 12 位数字，可在后面补零。")
    remedy = N_("请核对代码，或按名称查找。")


class UnknownRegion(Refusal):
    """No division has or had this code."""

    code = "unknown_region"
    kind = "not_found"
    sentence = N_("没有代码为「{code}」的行政区划。")
    remedy = N_("请核对代码，或按名称查找；如果全国区划表还没有载入，请先载入。")


class CodeTaken(Refusal):
    """An overlay and the national table want one code."""

    code = "region_code_taken"
    kind = "conflict"
    sentence = N_("代码「{code}」在全国区划表与叠加区划中重复。")
    remedy = N_("叠加区划请改用全国区划表没有使用的省级代码。")


class OrphanDivision(Refusal):
    """An overlay's row hangs in the air."""

    code = "orphan_division"
    kind = "invalid"
    sentence = N_("「{code}」的上级「{parent}」不在同一份叠加区划中。")
    remedy = N_("请补上各级上级，直到省级。")


class DivisionMalformed(Refusal):
    """A row to be loaded has no code or no name."""

    code = "division_malformed"
    kind = "invalid"
    sentence = N_("区划「{code}」没有名称或代码。")
    remedy = N_("请补全后重新载入。")


class DivisionTwice(Refusal):
    """A table to be loaded names one code twice."""

    code = "division_twice"
    kind = "invalid"
    sentence = N_("代码「{code}」在要载入的区划中出现两次。")
    remedy = N_("每个代码只保留一行。")


class EditionOlder(Refusal):
    """Going back would turn history round."""

    code = "region_edition_older"
    kind = "conflict"
    sentence = N_("「{edition}」早于已载入的「{loaded}」。")
    remedy = N_("只能载入同期更正或更新的版本。")


class NationalTableMissing(Refusal):
    """History needs the table whose past it is."""

    code = "national_table_missing"
    kind = "conflict"
    sentence = N_("全国区划表还没有载入。")
    remedy = N_("请先载入全国区划表，再载入沿革。")


class TableDamaged(Refusal):
    """A data file in the installation is not the one that was released."""

    code = "region_table_damaged"
    kind = "unavailable"
    sentence = N_("区划数据文件「{table}」与其摘要不符。")
    remedy = N_("请重新安装，或运行 make data 重新生成。")
