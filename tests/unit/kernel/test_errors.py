from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis


class MaterialsMissing(Refusal):
    code = "materials_missing"
    kind = "invalid"
    sentence = N_("缺少材料：{missing}。")
    basis = Basis("行政许可法", "32")
    remedy = N_("请把{missing}补到本件。")


def test_a_refusal_fills_its_places():
    refusal = MaterialsMissing(missing="户口簿")

    assert str(refusal) == "缺少材料：户口簿。"
    assert refusal.say_remedy() == "请把户口簿补到本件。"
    assert refusal.places == {"missing": "户口簿"}


def test_a_refusal_is_translated_before_its_places_are_filled():
    english = {
        MaterialsMissing.sentence: "Missing: {missing}.",
        MaterialsMissing.remedy: "Add {missing}.",
    }
    refusal = MaterialsMissing(missing="X")

    assert refusal.say(english.__getitem__) == "Missing: X."
    assert refusal.say_remedy(english.__getitem__) == "Add X."


def test_a_refusal_without_a_remedy_says_nothing_about_one():
    assert Refusal().say_remedy() == ""
    assert str(Refusal()) == "不能这样做。"
    assert Refusal().args == ("refused",)


def test_marking_a_sentence_leaves_it_as_it_is():
    assert N_("原句") == "原句"


def test_words_in_a_places_value_are_translated_too():
    class Worded(Refusal):
        sentence = "不能{action}：{name}"
        worded = ("action",)

    english = {"不能{action}：{name}": "cannot {action}: {name}", "登录": "log in"}
    refusal = Worded(action="登录", name="登录")
    assert refusal.say(lambda text: english.get(text, text)) == "cannot log in: 登录"
