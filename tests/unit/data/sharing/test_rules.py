"""Grants: their life, fields, masks and terms."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sharing import errors, rules
from yitong.data.sharing.rules import (
    Grantee,
    GrantState,
    GrantStep,
    Item,
    Order,
    PurposeFacts,
    Subject,
)
from yitong.kernel.masking import MASKS

TODAY = dt.date(2026, 11, 22)
SUBJECT = Subject(
    name="最低生活保障对象",
    owner="11890100DM00000135",
    owner_name="澜宁市民政局",
    state_name="已发布",
    share_type="conditional",
    citation="",
    items=(
        Item("sfzh", "身份证号", "id"),
        Item("xm", "姓名", "name"),
        Item("zt", "状态", "none"),
    ),
    key="sfzh",
    is_in_force=True,
)
SCHOOLS = Grantee("12890100DM0000021W", "澜宁市教育局", is_enterprise=False)
ORDER = Order("307001/000001", "client", ("sfzh", "zt"), "school-admission", dt.date(2027, 6, 30))
PURPOSE = PurposeFacts("school-admission", 366)
masks = st.sampled_from(sorted(MASKS))


@given(masks, masks, masks)
def test_being_as_strict_is_an_order(a, b, c):
    assert rules.is_as_strict(a, a)
    if rules.is_as_strict(a, b) and rules.is_as_strict(b, c):
        assert rules.is_as_strict(a, c)
    if rules.is_as_strict(a, b) and rules.is_as_strict(b, a):
        assert a == b


@given(masks, masks)
def test_what_a_call_applies_is_never_looser_than_the_default_nor_than_the_grant(granted, default):
    applied = rules.effective_mask(granted, default)
    assert rules.is_as_strict(applied, default)
    assert rules.is_as_strict(applied, granted)


@given(masks, masks, masks)
def test_a_decided_looser_mask_ends_when_the_default_changes(granted, default, later):
    applied = rules.effective_mask(granted, later, decided_over=default)
    assert applied == granted if later == default else rules.is_as_strict(applied, later)


@given(st.dictionaries(st.sampled_from(["sfzh", "xm", "zt"]), masks))
def test_without_the_providers_word_no_mask_is_looser_than_the_catalogues(asked):
    defaults = {item.name: item.mask for item in SUBJECT.items}
    fields = ("sfzh", "xm", "zt")
    try:
        found = rules.resolve_masks(asked, fields, SUBJECT, agreed={})
    except errors.MaskLoosened:
        assert any(not rules.is_as_strict(m, defaults[n]) for n, m in asked.items())
        return
    assert not found.decided_over
    assert all(rules.is_as_strict(m, defaults[n]) for n, m in found.applied.items())


def test_the_provider_loosens_one_field_to_one_mask():
    found = rules.resolve_masks({"xm": "none"}, ("sfzh", "xm"), SUBJECT, agreed={"xm": "none"})
    assert found.applied == {"sfzh": "id", "xm": "none"}
    assert found.decided_over == {"xm": "name"}
    with pytest.raises(errors.MaskLoosened, match="身份证号"):
        rules.resolve_masks({"sfzh": "none"}, ("sfzh",), SUBJECT, agreed={"xm": "none"})


def test_masks_are_named_by_item_or_header_known_and_of_granted_fields():
    named = rules.named_masks({"姓名": "hidden", "zt": "yesno"}, ("xm", "zt"), SUBJECT)
    assert named == {"xm": "hidden", "zt": "yesno"}
    with pytest.raises(errors.MaskUnknown):
        rules.named_masks({"sfzh": "blur"}, ("sfzh",), SUBJECT)
    with pytest.raises(errors.FieldsUnknown):
        rules.named_masks({"xm": "hidden"}, ("sfzh",), SUBJECT)


def test_fields_are_found_by_name_or_header_in_the_entrys_order():
    assert rules.resolve_fields(["状态", " sfzh "], SUBJECT) == ("sfzh", "zt")


def test_unknown_fields_are_named_with_the_known_ones():
    with pytest.raises(errors.FieldsUnknown) as refusal:
        rules.resolve_fields(["sfzh", "收入", "民族"], SUBJECT)
    assert "收入、民族" in str(refusal.value)
    assert "身份证号、姓名、状态" in refusal.value.say_remedy()


def test_no_fields_are_no_grant():
    with pytest.raises(errors.FieldsMissing):
        rules.resolve_fields([], SUBJECT)


def test_the_key_cannot_be_dropped():
    with pytest.raises(errors.KeyDropped, match="身份证号"):
        rules.resolve_fields(["xm"], SUBJECT)
    assert rules.resolve_fields(["xm"], replace(SUBJECT, key="")) == ("xm",)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"is_in_force": False}, errors.NotInForce),
        ({"share_type": "withheld"}, errors.Withheld),
        ({"owner": SCHOOLS.code}, errors.OwnData),
    ],
)
def test_what_may_not_be_shared(changes, refusal):
    with pytest.raises(refusal):
        rules.check_shareable(replace(SUBJECT, **changes), SCHOOLS)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)))
def test_every_grant_ends_within_its_purposes_longest_term(until):
    fits = TODAY < until <= TODAY + dt.timedelta(days=PURPOSE.longest_days)
    try:
        rules.check_terms(replace(ORDER, until=until), PURPOSE, TODAY)
    except errors.UntilUnfit:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize("region", ["89", "8901", "890102", "890102001", "890102001001", ""])
def test_rows_are_narrowed_by_a_divisions_prefix(region):
    rules.check_terms(replace(ORDER, row_region=region), PURPOSE, TODAY)


@pytest.mark.parametrize("region", ["8", "听澜区", "890102 or true", "89010200"])
def test_a_row_region_is_a_code_and_nothing_else(region):
    with pytest.raises(errors.RegionUnfit):
        rules.check_terms(replace(ORDER, row_region=region), PURPOSE, TODAY)


@pytest.mark.parametrize("rate", [0, -1, 600_001])
def test_the_rate_is_bounded(rate):
    with pytest.raises(errors.RateUnfit):
        rules.check_terms(replace(ORDER, rate_per_minute=rate), PURPOSE, TODAY)


def test_an_ended_or_expired_grant_never_lives_again():
    for state in (GrantState.ENDED, GrantState.EXPIRED):
        for step in GrantStep:
            with pytest.raises(errors.GrantStepNotOpen):
                rules.next_grant_state(state, step)
