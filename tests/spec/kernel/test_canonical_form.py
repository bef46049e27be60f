"""The bytes that are hashed, and the hashes of a log."""

from yitong.kernel.hashing import canonical, leaf_hash, node_hash, sha256, sm3


def test_literals_are_written_without_white_space():
    """RFC 8785, 3.2.1 and 3.2.2.1."""
    assert canonical([None, True, False]) == b"[null,true,false]"


def test_text_escapes_only_what_it_must():
    """RFC 8785, 3.2.2.2: its own example."""
    assert (
        canonical("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f")
        == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    )


def test_keys_are_sorted_at_every_depth():
    """RFC 8785, 3.2.3."""
    assert (
        canonical({"b": {"z": 1, "B": 2}, "a": [], "": {}}) == b'{"":{},"a":[],"b":{"B":2,"z":1}}'
    )


def test_the_hash_of_a_leaf_is_prefixed_with_zero():
    """RFC 6962, 2.1; the values are those of the Certificate Transparency test suite."""
    assert (
        leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert (
        leaf_hash(b"L123456").hex()
        == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    )


def test_the_hash_of_a_node_is_prefixed_with_one():
    """RFC 6962, 2.1; the value is that of the Certificate Transparency test suite."""
    assert (
        node_hash(b"N123", b"N456").hex()
        == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )


def test_sha256_of_abc():
    """FIPS 180-4."""
    assert (
        sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_sm3_of_the_standard_s_examples():
    """GB/T 32905-2016, A.1 and A.2."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        sm3(b"abcd" * 16).hex()
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )
