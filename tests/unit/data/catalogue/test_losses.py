"""政务数据共享条例 27: what counts as a change of a service that is being provided."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import firms_entry, people_entry
from yitong.data.catalogue.losses import LOSS_NAMES, LossKind, losses, shows_less


def item(entry, which, /, **changes):
    fields = tuple(replace(f, **changes) if f.name == which else f for f in entry.fields)
    return replace(entry, fields=fields)


def marks(before, after):
    return [loss.mark for loss in losses(before, after)]


def test_more_items_and_other_words_take_nothing_away():
    entry = people_entry()
    assert marks(entry, entry) == []
    wider = replace(entry, abstract="另一句", fields=(*entry.fields, entry.fields[0]))
    assert marks(entry, replace(wider, update_cycle="daily")) == []


def test_an_item_that_goes_is_a_loss():
    entry = people_entry()
    assert marks(entry, replace(entry, fields=entry.fields[:-1])) == ["removed:rq"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"mask": "hidden"}, "masked"),
        ({"type_letter": "N"}, "retyped"),
        ({"header": "状况"}, "renamed"),
        ({"personal": "basic"}, "sealed"),
    ],
)
def test_an_item_given_otherwise_is_a_loss(changes, kind):
    entry = item(people_entry(), "zt", element="DE09001")
    assert marks(entry, item(entry, "zt", **changes)) == [f"{kind}:zt"]


def test_withholding_and_another_key_concern_everybody():
    entry = firms_entry()
    assert marks(entry, replace(entry, share_type="withheld")) == ["withheld:"]
    assert marks(entry, replace(entry, key_field="mc")) == ["rekeyed:"]


@pytest.mark.parametrize(
    ("before", "after", "less"),
    [
        ("none", "name", True),
        ("name", "none", False),
        ("name", "id", True),
        ("name", "hidden", True),
        ("hidden", "name", False),
        ("hidden", "yesno", False),
        ("yesno", "hidden", True),
        ("yesno", "name", False),
        ("id", "id", False),
    ],
)
def test_two_masks_that_show_different_parts_both_hide_something(before, after, less):
    assert shows_less(before, after) is less


def test_every_loss_has_its_words():
    assert set(LOSS_NAMES) == set(LossKind)
