"""What a commitment covers, and what the published line keeps to itself."""

import datetime as dt
import hashlib
import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.ledger import AT, BY, NOTED, ASigner, a_body
from yitong.base.ledger.rules import (
    EntryBody,
    body_for,
    commitment_of,
    instant_text,
    leaf_of,
    published_line,
    seal_entry,
    whole_seconds,
)
from yitong.kernel.declare import About
from yitong.kernel.hashing import NotCanonical

SALT = bytes(range(16))
MAC = ASigner().mac

keys = st.text("abcdefghij_", min_size=1, max_size=8)
plain = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
values = st.recursive(
    plain, lambda v: st.lists(v, max_size=3) | st.dictionaries(keys, v, max_size=3)
)
texts = st.text(max_size=20)
instants = st.integers(0, 10**15).map(lambda micros: AT + dt.timedelta(microseconds=micros))
bodies = st.builds(
    EntryBody, instants, texts, st.builds(About, texts, texts), texts, texts, texts, texts,
    st.dictionaries(keys, values, max_size=4),
)  # fmt: skip


@given(bodies, bodies)
def test_a_change_of_any_field_gives_another_commitment(body, other):
    mine = commitment_of(body, SALT)
    for part in fields(EntryBody):
        changed = replace(body, **{part.name: getattr(other, part.name)})
        # As JSON: to Python True equals 1, to the record it does not.
        is_same = json.dumps(changed.document(), sort_keys=True) == json.dumps(
            body.document(), sort_keys=True
        )
        assert (commitment_of(changed, SALT) == mine) is is_same, part.name


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + dt.timedelta(microseconds=1)},
        {"event": "data.refused"},
        {"about": About("resource", "r1")},
        {"about": About("person", "r0")},
        {"account": ""},
        {"post": ""},
        {"agency": ""},
        {"region": "8901"},
        {"facts": {}},
        {"facts": {"purpose": "school-admission", "found": True, "fields": ["sfzh", "xm"]}},
        {"facts": {"purpose": "school-admission", "found": 0, "fields": ["xm", "sfzh"]}},
        {"facts": {"purpose": "school-admission", "found": "0", "fields": ["sfzh", "xm"]}},
    ],
    ids=str,
)
def test_every_single_part_counts(change):
    assert commitment_of(a_body(**change), SALT) != commitment_of(a_body(), SALT)


def test_text_does_not_slip_from_one_field_into_the_next():
    one = a_body(account="ab", post="c")
    other = a_body(account="a", post="bc")
    assert commitment_of(one, SALT) != commitment_of(other, SALT)


@given(bodies)
def test_the_commitment_is_the_hash_of_salt_and_canonical_entry(body):
    """By another road: the standard library's JSON instead of the kernel's canonical form."""
    text = json.dumps(body.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert commitment_of(body, SALT) == hashlib.sha256(SALT + text.encode()).digest()


def test_the_same_instant_in_another_zone_is_the_same_entry():
    shanghai = a_body(at=AT.astimezone(dt.timezone(dt.timedelta(hours=8))))
    assert commitment_of(shanghai, SALT) == commitment_of(a_body(), SALT)
    assert instant_text(shanghai.at) == "2026-03-02T01:30:00.123456Z"
    assert instant_text(AT.replace(microsecond=0)) == "2026-03-02T01:30:00.000000Z"


def test_equal_entries_cannot_be_linked():
    twins = [seal_entry(a_body(), MAC) for _ in range(50)]
    assert len({twin.salt for twin in twins}) == 50
    assert len({twin.commitment for twin in twins}) == 50
    assert len({twin.leaf for twin in twins}) == 50
    assert len({twin.mac for twin in twins}) == 50


def test_the_published_line_says_time_and_commitment_and_nothing_else():
    sealed = seal_entry(a_body(), MAC)
    line = published_line(whole_seconds(AT), sealed.commitment)
    assert json.loads(line) == {
        "at": "2026-03-02T01:30:00Z",
        "commitment": sealed.commitment.hex(),
        "v": 1,
    }
    assert line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":")).encode()
    assert sealed.leaf == hashlib.sha256(b"\x00" + line).digest()
    assert sealed.salt.hex() not in line.decode()


def spoken(value: object) -> set[str]:
    """Every text and number inside a document, as text."""
    if isinstance(value, dict):
        return {word for item in value.values() for word in spoken(item)}
    if isinstance(value, list):
        return {word for item in value for word in spoken(item)}
    return {str(value)}


@given(bodies)
def test_no_field_of_the_entry_occurs_in_the_published_line(body):
    sealed = seal_entry(body, MAC)
    line = json.loads(published_line(whole_seconds(body.at), sealed.commitment))
    # A short word or number may stand in a hash by chance; what names someone is longer.
    for word in spoken({**body.document(), "at": "", "v": ""}):
        if len(word) > 5:
            assert word not in line["commitment"]
    assert set(line) == {"at", "commitment", "v"}
    assert not line["at"].endswith(".000000Z"), (
        "to the second: finer time links two systems' records"
    )


def test_two_entries_of_one_second_differ_only_in_their_commitments():
    one, other = (seal_entry(a_body(at=AT.replace(microsecond=m)), MAC) for m in (1, 999_999))
    assert whole_seconds(one.body.at) == whole_seconds(other.body.at)
    first, second = (
        json.loads(published_line(whole_seconds(e.body.at), e.commitment)) for e in (one, other)
    )
    assert {k for k in first if first[k] != second[k]} == {"commitment"}


def test_the_leaf_follows_from_time_and_commitment_alone():
    sealed = seal_entry(a_body(), MAC)
    assert leaf_of(whole_seconds(AT), sealed.commitment) == sealed.leaf
    assert leaf_of(whole_seconds(AT) + 1, sealed.commitment) != sealed.leaf
    assert sealed.mac == MAC(sealed.commitment)


def made(facts: dict[str, object]) -> EntryBody:
    about = About("resource", "r1")
    return body_for(NOTED, by=BY, about=about, facts=facts, region="890102", at=AT)


def test_an_entry_carries_what_its_event_declares():
    body = made({"word": "甲", "count": 1})
    assert (body.event, body.account, body.agency) == ("test.noted", BY.account, BY.agency)


@pytest.mark.parametrize("facts", [{}, {"word": "甲"}, {"word": "甲", "count": 1, "name": "林"}])
def test_facts_that_the_event_does_not_declare_or_lacks_are_a_bug(facts):
    with pytest.raises(ValueError, match=r"test\.noted"):
        made(facts)


@pytest.mark.parametrize("value", [1.5, b"bytes", {1: 2}, {"键": 1}, 2**53, AT, "\ud800"])
def test_a_value_with_no_single_form_is_refused_before_it_is_written(value):
    with pytest.raises((NotCanonical, ValueError)):
        seal_entry(made({"word": value, "count": 1}), MAC)
