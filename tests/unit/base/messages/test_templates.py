"""Templates say all four things, and their facts are plain values of the declared kinds."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.agencies import agency_code
from tests.factories.numbers import NUMBERS, PHONES
from yitong.base.messages.errors import FactLooksPersonal, FactsDoNotFit
from yitong.base.messages.templates import FactKind, MessageTemplate
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis


def a_template(**facts) -> MessageTemplate:
    return MessageTemplate(
        "tests.told",
        "谁",
        "为什么",
        "".join(f"{{{name}}}" for name in facts) or "事",
        "做什么",
        facts,
    )


KINDS = list(FactKind)


@given(NUMBERS | PHONES, st.sampled_from(KINDS))
def test_no_kind_of_fact_takes_a_number_or_a_telephone(text, kind):
    with pytest.raises(Refusal) as told:
        a_template(it=kind).stored({"it": text})
    assert text not in told.value.say()
    assert text not in repr(told.value)


@given(NUMBERS | PHONES, st.sampled_from(KINDS))
def test_nor_as_a_plain_number(text, kind):
    with pytest.raises(FactsDoNotFit):
        a_template(it=kind).stored({"it": int(text.rstrip("X"))})


NAMES = st.sampled_from(
    ["林小禾", "欧阳娜娜", "阿依古丽·买买提", "linxiaohe", "Lin Xiaohe", "lin1992", "LINXIAOHE1"]
)


@given(NAMES, st.sampled_from([kind for kind in KINDS if kind is not FactKind.TERM]))
def test_no_kind_of_fact_takes_a_name(text, kind):
    with pytest.raises(Refusal):
        a_template(it=kind).stored({"it": text})


def test_an_address_or_a_sentence_is_no_code():
    for text in ("桐花路18号6栋301室", "see 18 Tonghua Road", "a@example.cn", "", "PER-42\n1"):
        with pytest.raises((FactLooksPersonal, FactsDoNotFit)):
            a_template(it=FactKind.CODE).stored({"it": text})


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FactKind.CODE, "PER-47b", "PER-47b"),
        (FactKind.CODE, "307001/000001", "307001/000001"),
        (FactKind.DATE, dt.date(2026, 10, 23), "2026-10-23"),
        (FactKind.DEADLINE, dt.date(2026, 10, 23), "2026-10-23"),
        (FactKind.DEADLINE, dt.datetime(2026, 10, 23, 16, tzinfo=dt.UTC), "2026-10-23T16:00:00+00:00"),
        (FactKind.COUNT, 1204, 1204),
        (FactKind.AGENCY, agency_code(7), agency_code(7)),
        (FactKind.POST, f"{agency_code(7)}/clerk/1", f"{agency_code(7)}/clerk/1"),
        (FactKind.REGION, "890102000000", "890102"),
        (FactKind.BASIS, Basis("政务数据共享条例", "20"), ["政务数据共享条例", "20"]),
        ({"yes": "同意", "no": "不同意"}, "yes", "yes"),
    ],
)  # fmt: skip
def test_plain_values_are_kept(kind, value, kept):
    assert a_template(it=kind).stored({"it": value}) == {"it": kept}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactKind.DATE, "2026-10-23"),
        (FactKind.DATE, dt.datetime(2026, 10, 23, tzinfo=dt.UTC)),
        (FactKind.INSTANT, dt.datetime(2026, 10, 23)),  # noqa: DTZ001 - the fault
        (FactKind.COUNT, True),
        (FactKind.COUNT, -1),
        (FactKind.COUNT, 10_000_000_000),
        (FactKind.BASIS, Basis("林小禾", "20")),
        ({"yes": "同意"}, "maybe"),
    ],
)
def test_other_values_are_refused(kind, value):
    with pytest.raises((FactsDoNotFit, FactLooksPersonal)):
        a_template(it=kind).stored({"it": value})


def test_facts_are_neither_missing_nor_too_many():
    template = a_template(a=FactKind.COUNT)
    for facts in ({}, {"a": 1, "b": 2}):
        with pytest.raises(FactsDoNotFit):
            template.stored(facts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": ""},
        {"todo": ""},
        {"what": "{name}"},
        {"what": "{0}"},
        {"what": "{n.real}"},
        {"what": "{n!r}"},
        {"key": "told"},
    ],
)
def test_a_template_that_says_too_little_cannot_be_made(wrong):
    said = {"key": "tests.told", "who": "谁", "why": "为什么", "what": "事", "todo": "做"} | wrong
    with pytest.raises(ValueError, match=r"tests|told|place"):
        MessageTemplate(**said, facts={"n": FactKind.COUNT} if "{n" in said["what"] else {})
