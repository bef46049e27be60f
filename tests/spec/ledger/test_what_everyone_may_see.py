"""个人信息保护法 25, 44, 45, 51 and what the log promises to whoever only reads what is public."""

import json

import pytest

from tests.factories.ledger import ASigner, a_body, a_log, a_proof
from yitong.base.ledger import tree
from yitong.base.ledger import verify_proof as script
from yitong.base.ledger.note import (
    is_signed_by,
    read_checkpoint,
    signed_checkpoint,
    verifier_key,
)
from yitong.base.ledger.rules import published_line, seal_entry, whole_seconds

NODE = ASigner()


def public(sealed) -> dict[str, object]:
    return json.loads(published_line(whole_seconds(sealed.body.at), sealed.commitment))


def roots(log) -> list[bytes]:
    """The root after each entry."""
    frontier, found = tree.Frontier(), []
    for entry in log:
        frontier.append(entry.leaf)
        found.append(frontier.root_with())
    return found


def test_the_public_sees_when_something_happened_and_not_what_or_to_whom():
    """个人信息保护法 art. 25: 个人信息处理者不得公开其处理的个人信息."""
    line = public(seal_entry(a_body(), NODE.mac))
    assert sorted(line) == ["at", "commitment", "v"]
    assert line["at"] == "2026-03-02T01:30:00Z", "to the second and no finer"


def test_two_uses_of_one_person_cannot_be_told_from_uses_of_two():
    """个人信息保护法 art. 51: 去标识化. A salt of its own makes every entry look like any other."""
    uses = [public(seal_entry(a_body(), NODE.mac)) for _ in range(2)]
    assert uses[0]["commitment"] != uses[1]["commitment"]


def test_who_guesses_an_entry_cannot_confirm_the_guess():
    """All of it may be known but the salt: 128 random bits stand between a guess and the commitment."""
    one, same = seal_entry(a_body(), NODE.mac), seal_entry(a_body(), NODE.mac)
    assert one.body == same.body
    assert len(one.salt) == 16
    assert one.leaf != same.leaf


def test_a_person_takes_home_a_proof_that_needs_nobody():
    """个人信息保护法 arts. 44, 45: to know of, consult and copy; checked without asking the node again."""
    proof = a_proof(a_log(9, NODE), 4, NODE)
    assert script.check(proof, verifier_key(NODE), None)


def test_a_proof_shows_its_holder_nothing_of_anybody_else():
    log = a_log(9, NODE)
    text = json.dumps(a_proof(log, 4, NODE), ensure_ascii=False)
    others = [entry for i, entry in enumerate(log) if i != 4]
    assert not [e for e in others if e.salt.hex() in text or e.commitment.hex() in text]


def test_whoever_kept_a_checkpoint_notices_a_rewritten_history():
    """The node signs its size and root; it cannot later show another past to whoever kept what it signed."""
    log, forged = a_log(12, NODE), a_log(12, NODE)
    kept = read_checkpoint(signed_checkpoint(NODE, 8, roots(log)[7]).note)
    assert is_signed_by(kept.note, NODE.name, NODE.public_key)
    for past, is_same in ((log, True), (forged, False)):

        def span(start, end, past=past):
            return tree.range_hash(start, end, lambda h, p: roots(past[p << h : (p + 1) << h])[-1])

        path = tree.consistency_path(8, 12, span)
        assert tree.is_consistent(8, kept.root, 12, roots(past)[11], path) is is_same


@pytest.mark.parametrize("dropped", range(5))
def test_an_entry_that_is_left_out_changes_every_later_root(dropped):
    log = a_log(5, NODE)
    without = log[:dropped] + log[dropped + 1 :]
    assert not set(roots(without)[dropped:]) & set(roots(log)[dropped:])
