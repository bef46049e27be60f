"""共享条例 3: data that are 国家秘密 or 工作秘密 are not shared; what carries their mark is not taken in."""

import pytest

from yitong.base.files.rules import secrecy_mark, secrecy_mark_in_name

BODY = "\n".join(["澜宁市民政局关于数据共享的函", *["各有关单位：请按时办理。"] * 60])


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("机密★1年\n澜宁市人民政府文件", "机密★"),
        ("秘密★10年", "秘密★"),
        ("绝密★启用前\n语文试题", "绝密★"),
        ("绝密★长期", "绝密★"),
        ("机密 ★ 20年", "机密★"),
        ("机　密★5年", "机密★"),
        ("機密★1年", "机密★"),
        ("秘密☆6个月", "秘密★"),
        ("机密*1年", "机密★"),
        ("机密＊\n标题", "机密★"),
        ('序号,姓名\n"机密★1年",甲', "机密★"),
        ("内部★", "内部★"),
    ],
)
def test_a_level_with_its_star_is_a_mark_wherever_it_stands(text, mark):
    assert secrecy_mark(text) == mark
    assert secrecy_mark(f"{BODY}\n{text}") == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("机密\n澜宁市人民政府文件", "机密"),
        ("机 密\n\n关于……的报告", "机密"),
        ("绝　　密", "绝密"),
        ("秘密级\n正文", "秘密"),
        ("机密  澜宁市人民政府文件", "机密"),
        ("份号 000001 机密", "机密"),
        ("【内部】\n通讯录", "内部"),
        ("[秘密] 名单", "秘密"),
        ("（机密）", "机密"),
        ("内部资料 注意保存", "内部资料"),
        ("内部资料，不得外传", "内部资料"),
        ("【内部文件】请勿转发", "内部文件"),
        ("工作秘密\n会议纪要", "工作秘密"),
        ("密级：秘密", "秘密"),
        ("密 级：机密 保密期限：1年", "机密"),
        ("密级: 内部", "内部"),
        ("机密,,,\n姓名,证件号,住址,电话", "机密"),
        ("\ufeff机\u200b密\n表头", "机密"),
        ("文号,标题,密级\n1,甲,公开\n2,乙,秘密", "秘密"),
    ],
)
def test_a_bare_mark_counts_in_the_heading(text, mark):
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize(
    "text",
    [
        "不得泄露商业机密和个人隐私",
        "商业秘密★核心",
        "保守国家秘密法宣传周活动名单",
        "中华人民共和国保守国家秘密法",
        "国家秘密目录的管理办法",
        "内部控制评价报告",
        "内部审计科,外部审计科",
        "机密性、完整性、可用性",
        "秘密花园小区",
        "姓名,内部电话,外部电话\n甲,1,2",
        "餐厅,类型\n一食堂,内部\n二食堂,外部",
        "政务公开密级审查办法",
        "密级：公开",
        "密级：无",
        "五星级★★★★★宾馆",
        "在右上角标注“机密★”和保密期限",
        "本部门的秘密事项由保密员管理",
        "文号,标题,密级\n1,甲,公开\n2,乙,非密",
        "",
        "\n\n",
    ],
)
def test_a_word_within_a_sentence_is_no_mark(text):
    assert secrecy_mark(text) is None


def test_a_bare_word_deep_in_a_text_is_no_mark():
    assert secrecy_mark(f"{BODY}\n秘密\n（机密）") is None
    assert secrecy_mark("\n".join(["类别", *["甲", "乙", "丙", "丁", "戊"], "内部"])) is None


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("机密★名单.csv", "机密★"), ("秘密★10年_人员.xlsx", "秘密★"), ("机密-名单.csv", "机密"),
        ("人员名单（秘密）.csv", "秘密"), ("【内部】通讯录.xlsx", "内部"), ("机密名单.csv", "机密"),
        ("绝密文件2025.docx", "绝密"), ("名单_内部.csv", "内部"), ("内部资料.pdf", "内部资料"),
        ("2025内部资料.pdf", "内部资料"), ("会议纪要(工作秘密).docx", "工作秘密"), ("01 秘密 报告.pdf", "秘密"),
        ("机 密.txt", "机密"),
    ],
)  # fmt: skip
def test_a_mark_in_a_files_name_counts(name, mark):
    assert secrecy_mark_in_name(name) == mark
    assert secrecy_mark(name) == mark


@pytest.mark.parametrize(
    "name",
    [
        "商业机密管理办法.docx", "秘密花园读书会.csv", "内部控制手册.docx", "保守国家秘密法.pdf", "机密文件管理办法.pdf",
        "内部资料管理规定.pdf", "people.csv", "低保人员名单.csv", "机密性评估.xlsx", "核心商业秘密-清单.xlsx", "★重点.csv",
    ],
)  # fmt: skip
def test_a_files_name_that_speaks_of_secrets_carries_no_mark(name):
    assert secrecy_mark_in_name(name) is None
    assert secrecy_mark(name) is None
