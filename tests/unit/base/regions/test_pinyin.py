"""How names of places are read."""

import pytest

from yitong.base.regions.pinyin import Reading, Speller, exceptions, speller

KNOWN = [
    ("重庆市", "50", "chongqingshi"), ("厦门市", "3502", "xiamenshi"), ("六安市", "3415", "luanshi"),
    ("六合区", "320116", "luhequ"), ("六合村", "110111111211", "liuhecun"), ("蚌埠市", "3403", "bengbushi"),
    ("亳州市", "3416", "bozhoushi"), ("歙县", "341021", "shexian"), ("浚县", "410621", "xunxian"),
    ("尉氏县", "410223", "weishixian"), ("尉犁县", "652823", "yulixian"), ("乐清市", "330382", "yueqingshi"),
    ("乐亭县", "130225", "laotingxian"), ("乐山市", "5111", "leshanshi"), ("丽水市", "3311", "lishuishi"),
    ("铅山县", "361124", "yanshanxian"), ("台州市", "3310", "taizhoushi"), ("天台县", "331023", "tiantaixian"),
    ("长沙市", "4301", "changshashi"), ("长子县", "140428", "zhangzixian"), ("子长市", "610681", "zichangshi"),
    ("成都市", "5101", "chengdushi"), ("都匀市", "522701", "duyunshi"), ("西藏自治区", "54", "xizangzizhiqu"),
    ("佛山市", "4406", "foshanshi"), ("阿坝藏族羌族自治州", "5132", "abazangzuqiangzuzizhizhou"),
    ("喀什地区", "6531", "kashidiqu"), ("宝坻区", "120115", "baodiqu"), ("蔚县", "130726", "yuxian"),
    ("万柏林区", "140109", "wanbolinqu"), ("茄子河区", "230904", "qiezihequ"), ("枞阳县", "340722", "zongyangxian"),
    ("马尾区", "350105", "maweiqu"), ("牟平区", "370612", "mupingqu"), ("东阿县", "371524", "dongexian"),
    ("中牟县", "410122", "zhongmuxian"), ("南乐县", "410923", "nanlexian"), ("泌阳县", "411726", "biyangxian"),
    ("黄陂区", "420116", "huangpiqu"), ("番禺区", "440113", "panyuqu"), ("大埔县", "441422", "dabuxian"),
    ("犍为县", "511123", "qianweixian"), ("弥勒市", "532504", "mileshi"), ("浪卡子县", "540531", "langkazixian"),
    ("吴堡县", "610829", "wubuxian"), ("民乐县", "620722", "minlexian"), ("疏勒县", "653122", "shulexian"),
    ("漯河市", "4111", "luoheshi"), ("朝阳市", "2113", "chaoyangshi"), ("洪洞县", "141024", "hongtongxian"),
    ("繁峙县", "140924", "fanshixian"), ("井陉县", "130121", "jingxingxian"), ("大城县", "131025", "daichengxian"),
    ("柞水县", "611026", "zhashuixian"), ("称多县", "632723", "chenduoxian"), ("荥阳市", "410182", "xingyangshi"),
    ("荥经县", "511822", "yingjingxian"), ("涡阳县", "341621", "guoyangxian"), ("龙圩区", "450406", "longxuqu"),
    ("莘县", "371522", "shenxian"), ("莘庄镇", "310112101", "xinzhuangzhen"), ("郫都区", "510117", "piduqu"),
    ("百色市", "4510", "baiseshi"), ("曾都区", "421303", "zengduqu"), ("渑池县", "411221", "mianchixian"),
    ("筠连县", "511527", "junlianxian"), ("单县", "371722", "shanxian"), ("嵩明县", "530127", "songmingxian"),
    ("宕昌县", "621223", "dangchangxian"), ("莎车县", "653125", "shachexian"), ("若羌县", "652824", "ruoqiangxian"),
    ("珲春市", "222404", "hunchunshi"), ("盱眙县", "320830", "xuyixian"), ("浒墅关镇", "320505101", "xushuguanzhen"),
    ("甪直镇", "320506105", "luzhizhen"), ("会泽县", "530326", "huizexian"), ("余干县", "361127", "yuganxian"),
    ("绿春县", "532531", "lvchunxian"), ("解放区", "410802", "jiefangqu"), ("解州镇", "140802103", "xiezhouzhen"),
    ("桐花街道", "890102001", "tonghuajiedao"), ("听澜区", "890102", "tinglanqu"), ("望岫区", "890103", "wangxiuqu"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "pinyin"), KNOWN, ids=[row[0] + row[1] for row in KNOWN])
def test_a_places_name_is_read_as_its_people_read_it(name, code, pinyin):
    assert speller().spell(name, code).pinyin == pinyin


@pytest.mark.parametrize("reading", exceptions(), ids=lambda r: f"{r.term}{r.within}")
def test_every_exception_of_the_list_is_applied_where_it_holds(reading):
    spelling = speller().spell(reading.term, reading.within)
    assert spelling.pinyin == "".join(reading.syllables)
    assert spelling.initials == "".join(s[0] for s in reading.syllables)


def test_no_exception_of_several_characters_says_what_holds_without_it():
    plain = Speller([r for r in exceptions() if len(r.term) == 1 and not r.within])
    idle = [
        r
        for r in exceptions()
        if len(r.term) > 1 and plain.spell(r.term).pinyin == "".join(r.syllables)
    ]
    assert idle == []


def test_each_exception_stands_once_and_has_a_syllable_for_each_character():
    listed = exceptions()
    assert len({(r.term, r.within) for r in listed}) == len(listed)
    assert all(len(r.syllables) == len(r.term) for r in listed)


def test_initials_digits_letters_and_brackets():
    assert speller().spell("黄寺大街24号A区（北）") == ("huangsidajie24haoaqubei", "hsdj24haqb")


def test_the_longer_and_the_more_local_term_wins():
    spells = Speller(
        [
            Reading("乙", ("yi",), ""),
            Reading("甲乙", ("a", "b"), ""),
            Reading("甲乙", ("c", "d"), "89"),
        ]
    )
    assert spells.spell("甲乙", "11").pinyin == "ab"
    assert spells.spell("甲乙", "8901").pinyin == "cd"
    assert spells.spell("乙").pinyin == "yi"
