"""Whatever is changed by hand in the database, `verify` finds it and names the first index at fault."""

import pytest
from django.db import connection

from tests.factories.ledger import ASigner, ask, in_order, record_many, record_one, tampering
from tests.factories.verification import SIZE, change, faults, first, tampered
from yitong.base.ledger import api as ledger
from yitong.base.ledger.faults import MOST_FAULTS
from yitong.base.ledger.queries import entry
from yitong.base.ledger.rules import commitment_of, leaf_of, whole_seconds

pytestmark = pytest.mark.usefixtures("empty_ledger")


def test_an_untouched_log_is_whole(log):
    found = ledger.verify()
    assert (found.faults, found.size, found.pending, found.erased) == ([], SIZE, 0, 0)
    assert found.checkpoints >= 3
    assert found.root == ledger.PublicLog().checkpoint().root
    assert found.first_fault is None


def test_progress_is_told_in_rising_steps(log):
    seen: list[tuple[int, int]] = []
    ledger.verify(progress=lambda done, of: seen.append((done, of)))
    assert seen == sorted(seen)
    assert seen[-1] == (SIZE, SIZE)


def test_entries_that_wait_are_counted_and_looked_at(log):
    record_many(7)
    assert ledger.verify().pending == 7
    waiting = record_one()
    change("update ledger_entry set region = '8902' where id = %s", waiting)
    assert first() == (None, "entry_changed")


# Entry rows ---------------------------------------------------------------------------------------

COLUMNS = {
    "at by a day": "at = at - interval '1 day'",
    "at by a microsecond": "at = at + interval '1 microsecond'",
    "at to nonsense": "at = 'infinity'",
    "event": "event = 'test.other'",
    "about_type": "about_type = 'person'",
    "about_key": "about_key = about_key || 'x'",
    "account": "account = 'account:8'",
    "post": "post = ''",
    "agency": "agency = ''",
    "region": "region = '8901'",
    "a fact": "facts = jsonb_set(facts, '{count}', '-1')",
    "a fact more": """facts = facts || '{"more": 1}'""",
    "a fact less": "facts = facts - 'word'",
    "a number as a fraction": "facts = jsonb_set(facts, '{count}', to_jsonb(0.5))",
    "a number beyond all": "facts = jsonb_set(facts, '{count}', '1e400')",
    "facts to a list": "facts = '[]'",
    "facts to nothing": "facts = 'null'",
    "facts to a text": """facts = '"x"'""",
    "salt": "salt = decode(repeat('00', 16), 'hex')",
    "commitment": "commitment = sha256(commitment)",
    "leaf_hash": "leaf_hash = sha256(leaf_hash)",
    "mac": "mac = substr(sha256(mac), 1, 16)",
}


@pytest.mark.slow
def test_a_change_of_any_column_is_found(log):
    wrong = {}
    for name, setting in COLUMNS.items():
        found = tampered(f"update ledger_entry set {setting} where id = %s", log[300])
        codes = {"entry_changed", "entry_foreign", "entry_swapped"}
        if not found or not set(found) <= codes or set(found.values()) != {300}:
            wrong[name] = found
    assert not wrong
    assert ledger.verify().ok, "and put back it is whole again"


def test_the_first_of_many_changed_rows_is_named(log):
    for index in (0, 255, 256, 511, 599):
        statement = "update ledger_entry set region = '8901' where id = any(%s)"
        found = tampered(statement, log[index:], rows=SIZE - index)
        assert found == {"entry_changed": index}
    change("update ledger_entry set region = '8901'", rows=SIZE)
    assert len(ledger.verify().faults) <= MOST_FAULTS


def test_a_change_with_all_its_hashes_made_again_is_found_by_the_check_value(log):
    """The forger knows every formula and the database, but not the key outside it."""
    (stored,) = ask("select id from ledger_entry where id = %s", log[300])
    forge(stored[0], "region = '8901'")
    assert first() == (300, "entry_foreign") or first()[1] == "entry_swapped"


def forge(id_: int, setting: str) -> None:
    """Change a row and give it the right commitment, leaf hash, and a guess at the check value."""
    change(f"update ledger_entry set {setting} where id = %s", id_)
    stored = entry(id_)
    commitment = commitment_of(stored.body, stored.salt)
    leaf = leaf_of(whole_seconds(stored.body.at), commitment)
    guess = ASigner().mac(commitment)
    change(
        "update ledger_entry set commitment = %s, leaf_hash = %s, mac = %s where id = %s",
        commitment, leaf, guess, id_,
    )  # fmt: skip


def test_a_deleted_row_is_found(log):
    change("delete from ledger_entry where id = %s", log[257])
    assert first() == (257, "entry_missing")


def test_a_deleted_range_is_found_and_its_first_index_named(log):
    change("delete from ledger_entry where id = any(%s)", log[120:500], rows=380)
    assert first() == (120, "entry_missing")


def test_many_late_faults_do_not_hide_an_early_one(log):
    change("update ledger_entry set region = '8901' where id = any(%s)", log[300:], rows=300)
    change("delete from ledger_entry where id = %s", log[5])
    assert first() == (5, "entry_missing")


def test_a_month_dropped_with_its_partition_is_found(log):
    ((month, bounds),) = ask(
        "select oid::regclass::text, pg_get_expr(relpartbound, oid) from pg_class "
        "where oid = (select tableoid from ledger_entry limit 1)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"alter table ledger_entry detach partition {month}")
        found = first()
        cursor.execute(f"alter table ledger_entry attach partition {month} {bounds}")
    assert found == (0, "entry_missing")
    assert ledger.verify().ok


COPY = (
    "insert into ledger_entry (id, at, epoch, xid, event, about_type, about_key, account, post, agency, region, "
    "facts, salt, commitment, leaf_hash, mac) select {id}, {at}, {epoch}, {xid}, event, about_type, about_key, "
    "account, post, agency, region, facts, salt, commitment, leaf_hash, mac from ledger_entry where id = %s"
)


def copy(source: int, **more: str) -> None:
    parts = {"id": "nextval('ledger_entry_id')", "at": "at", "epoch": "epoch", "xid": "xid", **more}
    change(COPY.format(**parts), source)


def test_a_copy_put_behind_the_log_is_found(log):
    copy(log[300])
    index, code = first()
    assert code == "entry_inserted"
    assert 300 <= index <= SIZE, "where it claims to stand"


def test_a_copy_put_before_everything_is_found(log):
    copy(log[300], id="-1", xid="'1'::xid8", epoch="0")
    assert first() == (0, "entry_inserted")


def test_a_copy_under_the_same_id_is_found(log):
    """The primary key is (id, at): a second row of another instant hides behind the first."""
    copy(log[300], id="id", at="at + interval '1 hour'")
    assert first()[0] == 300
    assert "entry_inserted" in faults()


def test_a_copy_put_before_the_log_like_any_entry_is_found_before_it_has_an_index(log):
    copy(log[300], xid="pg_current_xact_id()")
    assert faults() == {"entry_copied": None}


def test_a_copy_that_got_an_index_of_its_own_is_found(log):
    copy(log[300], xid="pg_current_xact_id()")
    ledger.sequence_all()
    assert first() == (SIZE, "entry_copied")


def test_a_forged_entry_with_right_hashes_but_without_the_key_is_found(log):
    copy(log[300], xid="pg_current_xact_id()")
    ((forged,),) = ask("select max(id) from ledger_entry")
    forge(forged, "facts = jsonb_set(facts, '{count}', '77')")
    assert first() == (None, "entry_foreign")
    ledger.sequence_all()
    assert first() == (SIZE, "entry_foreign")


def test_swapped_ids_are_found(log):
    with tampering() as cursor:
        for old, new in ((log[300], -1), (log[400], log[300]), (-1, log[400])):
            cursor.execute("update ledger_entry set id = %s where id = %s", (new, old))
    assert first() == (300, "entry_swapped")
    assert faults()["entry_swapped"] == 300


def test_a_changed_id_is_a_missing_and_an_inserted_entry(log):
    change("update ledger_entry set id = -7 where id = %s", log[300])
    found = faults()
    assert found["entry_missing"] == 300
    assert "entry_inserted" in found


def test_an_entry_moved_in_the_order_is_found(log):
    for setting in ("xid = '1'::xid8", "xid = '9000000000'::xid8", "epoch = 0", "epoch = 7"):
        found = tampered(f"update ledger_entry set {setting} where id = %s", log[300])
        assert found == {"entry_reordered": 300}, setting


def test_reordered_transactions_are_found():
    ids = [record_one(count=i) for i in range(10)]
    ledger.sequence_all()
    at = {id_: place for place, id_ in enumerate(in_order())}
    xids = dict(ask("select id, xid::text from ledger_entry"))
    with tampering() as cursor:
        for mine, theirs in ((ids[3], ids[6]), (ids[6], ids[3])):
            cursor.execute(
                "update ledger_entry set xid = %s::xid8 where id = %s", (xids[theirs], mine)
            )
    assert first() == (at[ids[3]], "entry_reordered")
