"""What a call may write for an item of its grant."""

from yitong.data.sharing.register import item_words

ITEMS = [("sfzh", "身份证号"), ("xm", "姓名"), ("dz", "地址"), ("dz_2", "地址"), ("zt", "zt")]


def test_a_name_and_a_header_of_its_own_mean_the_item():
    assert item_words(ITEMS, ["xm", "zt"]) == {"xm": "xm", "姓名": "xm", "zt": "zt"}


def test_a_header_that_stands_twice_means_nothing_though_one_of_the_two_is_granted():
    assert item_words(ITEMS, ["dz"]) == {"dz": "dz"}


def test_a_header_that_is_another_item_s_name_means_that_item():
    items = [("xm", "sfzh"), ("sfzh", "号码")]
    assert item_words(items, ["xm"]) == {"xm": "xm"}
    assert item_words(items, ["xm", "sfzh"]) == {"xm": "xm", "sfzh": "sfzh", "号码": "sfzh"}
