import pytest

from yitong.kernel.codes import Fault, InvalidItemCode, ItemForm, parse_item_code

BODY = "11890100DM00000135"


@pytest.mark.parametrize(
    ("text", "form", "basic", "body"),
    [
        ("000101001000", ItemForm.BASIC, "000101001000", ""),
        ("331400515002", ItemForm.BASIC, "331400515002", ""),
        (f"{BODY}4000101001000", ItemForm.IMPLEMENTED, "000101001000", BODY),
        (f"{BODY}400010100100001", ItemForm.HANDLED, "000101001000", BODY),
        (
            "511Z07001006-511602000000-000-11511301008778183N-1-00",
            ItemForm.LOCAL,
            "511Z07001006",
            "11511301008778183N",
        ),
    ],
)
def test_a_code_is_told_by_its_length(text, form, basic, body):
    read = parse_item_code(text.lower())

    assert (read.code, read.form, read.basic, read.body) == (text, form, basic, body)


@pytest.mark.parametrize("length", [0, 11, 13, 30, 37])
def test_other_lengths_are_refused(length):
    with pytest.raises(InvalidItemCode) as refused:
        parse_item_code("1" * length)

    assert refused.value.fault is Fault.LENGTH
    assert f"现有 {length} 位" in str(refused.value)


def test_the_body_inside_must_be_a_credit_code():
    with pytest.raises(InvalidItemCode) as refused:
        parse_item_code("11890100DM00000136" + "4000101001000")

    assert refused.value.fault is Fault.EMBEDDED
