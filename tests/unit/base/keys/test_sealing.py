import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.factories.keys import OPERATOR, node_keys  # noqa: F401
from yitong.base.keys.api import (
    KeyDestroyed,
    Scope,
    SealBroken,
    destroy,
    row_keys,
    seal,
    sealer,
    unseal,
)
from yitong.base.keys.rules import column_payloads, payload

PEOPLE, FIRMS = Scope("resource", "people"), Scope("resource", "firms")
# Any text that UTF-8 can carry, and integers that every JSON reader agrees on.
values = st.none() | st.text(max_size=40) | st.integers(-(2**53) + 1, 2**53 - 1)
rows = st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), values, max_size=6)
with_fixture = examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["international", "sm"], autouse=True)
def profile(request, settings):
    settings.YITONG_CRYPTO = request.param
    request.getfixturevalue("node_keys")
    return request.param


@with_fixture
@given(columns=rows, context=st.binary(max_size=40))
def test_what_is_sealed_opens_again_in_its_context(columns, context):
    assert unseal(seal(PEOPLE, columns, context=context), context=context) == columns


@with_fixture
@given(columns=rows, at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_one_changed_byte_anywhere_breaks_the_seal(columns, at, flip):
    sealed = bytearray(seal(PEOPLE, columns, context=b"people/1"))
    sealed[at % len(sealed)] ^= flip
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), context=b"people/1")


@with_fixture
@given(contexts=st.lists(st.binary(max_size=20), min_size=2, max_size=2, unique=True))
def test_a_value_moved_to_another_row_does_not_open(contexts):
    sealed = seal(PEOPLE, {"name": "石桥"}, context=contexts[0])
    with pytest.raises(SealBroken):
        unseal(sealed, context=contexts[1])


@with_fixture
@given(cut=st.integers(0, 60))
def test_a_shortened_value_does_not_open(cut):
    sealed = seal(PEOPLE, {"name": "石桥"}, context=b"")
    with pytest.raises(SealBroken):
        unseal(sealed[: min(cut, len(sealed) - 1)], context=b"")


def test_another_scopes_key_does_not_open_it():
    ours, theirs = seal(PEOPLE, {"n": 1}, context=b""), seal(FIRMS, {"n": 1}, context=b"")
    assert ours[:9] != theirs[:9]
    with pytest.raises(SealBroken):
        unseal(theirs[:9] + ours[9:], context=b"")


def test_the_same_row_sealed_twice_looks_different():
    assert seal(PEOPLE, {"n": 1}, context=b"") != seal(PEOPLE, {"n": 1}, context=b"")


def test_a_sealer_seals_like_seal():
    run = sealer(PEOPLE)
    assert unseal(run.seal({"name": "石桥"}, context=b"1"), context=b"1") == {"name": "石桥"}
    assert run.seal({"n": 1}, context=b"")[:9] == seal(PEOPLE, {"n": 1}, context=b"")[:9]


@with_fixture
@given(
    st.lists(
        st.tuples(*[st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)] * 3)
    )
)
def test_columns_are_sealed_as_seal_does_it(rows):
    ends = [b"row %d" % n for n in range(len(rows))]
    columns = {
        name: [(row[at] or "").encode() for row in rows]
        for at, name in enumerate(["s0", "s10", "s2"])
    }
    sealed = row_keys(PEOPLE).seal_columns(columns, context=b"table ", ends=ends)
    opened = [unseal(one, context=b"table " + end) for one, end in zip(sealed, ends, strict=True)]
    assert opened == [dict(zip(columns, row, strict=True)) for row in rows]
    assert column_payloads(columns) == [payload(each) for each in opened]
    assert len({one[9:21] for one in sealed}) == len(rows), "a nonce is never used twice"


def test_a_name_with_a_sign_of_formats_is_only_a_name():
    assert column_payloads({"%b%%": [b"a", b""]}) == [b'{"%b%%":"a"}', b'{"%b%%":null}']


@pytest.mark.parametrize("names", [["s2", "s10"], ["名", "年"]])
def test_names_that_would_not_be_canonical_are_a_mistake(names):
    with pytest.raises(ValueError, match="ASCII"):
        row_keys(PEOPLE).seal_columns({name: [b"a"] for name in names}, context=b"", ends=[b""])


@pytest.mark.parametrize("value", [1.5, True, b"x", ["a"]])
def test_only_text_integers_and_null_are_sealed(value):
    with pytest.raises(TypeError):
        seal(PEOPLE, {"n": value}, context=b"")


def test_a_destroyed_scope_neither_opens_nor_seals():
    sealed = seal(PEOPLE, {"n": 1}, context=b"")
    other = seal(FIRMS, {"n": 1}, context=b"")
    assert destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期") == 1
    with pytest.raises(KeyDestroyed) as refusal:
        unseal(sealed, context=b"")
    assert "resource:people" in str(refusal.value)
    with pytest.raises(KeyDestroyed):
        seal(PEOPLE, {"n": 1}, context=b"")
    with pytest.raises(KeyDestroyed):
        destroy(scope=PEOPLE, by=OPERATOR, reason="再来一次")
    assert unseal(other, context=b"") == {"n": 1}


def test_destroying_what_never_was_does_nothing():
    assert destroy(scope=Scope("scene", "none"), by=OPERATOR, reason="") == 0
