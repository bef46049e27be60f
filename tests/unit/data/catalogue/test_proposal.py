"""Entries as values: facts, digest, differences."""

from dataclasses import replace

from tests.factories.catalogue import people_entry
from yitong.data.catalogue.proposal import FieldProposal, Proposal, diff
from yitong.kernel.hashing import canonical


def test_an_entry_reads_back_from_its_facts():
    entry = people_entry()
    assert Proposal.from_facts(entry.as_facts()) == entry


def test_facts_have_one_canonical_form_and_so_one_digest():
    entry = people_entry()
    assert canonical(entry.as_facts())
    assert entry.digest == Proposal.from_facts(entry.as_facts()).digest
    assert entry.digest != replace(entry, abstract="另一个摘要").digest


def test_items_that_a_later_release_added_are_read_as_their_defaults():
    facts = people_entry().as_facts()
    del facts["key_unique"]
    facts["an item nobody knows any more"] = "x"
    assert Proposal.from_facts(facts).key_unique is True


def test_differences_name_the_item_the_field_and_both_values():
    before = people_entry()
    name = replace(before.fields[1], mask="hidden")
    added = FieldProposal("djfs", "登记方式", order=9)
    after = replace(
        before, update_cycle="monthly", fields=(before.fields[0], name, *before.fields[3:], added)
    )
    found = {(c.field, c.item): (c.before, c.after) for c in diff(before, after)}
    assert found == {
        ("", "update_cycle"): ("irregular", "monthly"),
        ("xm", "mask"): ("name", "hidden"),
        ("djfs", ""): (None, "登记方式"),
        ("lxdh", ""): ("联系电话", None),
    }
    assert {c.label for c in diff(before, after) if c.item} == {"数据更新频率", "默认遮盖"}


def test_saying_it_differently_changes_nothing():
    before = people_entry()
    assert diff(before, replace(before, reasons=("别的说法",), row_count=7)) == []


def test_personal_text_and_unrecognised_text_beside_it_are_sealed_dates_are_not():
    assert people_entry().sealed_fields == ("sfzh", "xm", "lxdh", "zt")


def test_a_table_without_people_has_nothing_to_seal():
    from tests.factories.catalogue import firms_entry

    assert firms_entry().sealed_fields == ()
