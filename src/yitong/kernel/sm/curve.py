"""The curve sm2p256v1 and SM2 verification (GB/T 32918.2, .5) in plain Python.

For public values only: it verifies, and it is open to timing, so nothing secret may come near it.
"""

from typing import Final

from yitong.kernel.hashing import sm3

P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G: Final = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

Point = tuple[int, int]
# Jacobian coordinates: x/z², y/z³; z = 0 is the point at infinity.
_Jacobian = tuple[int, int, int]
_INFINITY: Final = (1, 1, 0)


def is_on_curve(point: Point) -> bool:
    x, y = point
    return x < P and y < P and (y * y - x * x * x - A * x - B) % P == 0


def times(scalar: int, point: Point) -> Point | None:
    """A multiple of a point; None at infinity."""
    return _affine(_times(scalar, (*point, 1)))


def identity_digest(public: Point, signer_id: bytes) -> bytes:
    """Z: who signs, by which curve (GB/T 32918.2, 5.5)."""
    length = (8 * len(signer_id)).to_bytes(2)
    return sm3(length + signer_id + b"".join(value.to_bytes(32) for value in (A, B, *G, *public)))


def verifies(public: Point, message: bytes, signature: tuple[int, int], signer_id: bytes) -> bool:
    """GB/T 32918.2, 7.1."""
    r, s = signature
    if not (0 < r < N and 0 < s < N):
        return False
    t = (r + s) % N
    if not t:
        return False
    e = int.from_bytes(sm3(identity_digest(public, signer_id) + message))
    point = _affine(_add(_times(s, (*G, 1)), _times(t, (*public, 1))))
    return point is not None and (e + point[0]) % N == r


def _affine(point: _Jacobian) -> Point | None:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def _times(scalar: int, point: _Jacobian) -> _Jacobian:
    total: _Jacobian = _INFINITY
    for bit in f"{scalar:b}":
        total = _double(total)
        if bit == "1":
            total = _add(total, point)
    return total


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if not z:
        return _INFINITY
    yy = y * y % P
    s = 4 * x * yy % P
    m = 3 * (x - z * z) * (x + z * z) % P  # a = -3
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(one: _Jacobian, other: _Jacobian) -> _Jacobian:
    """The sum; `other` is never at infinity: it is a point given, or t times one with 0 < t < n."""
    x1, y1, z1 = one
    x2, y2, z2 = other
    if not z1:
        return other
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * zz2 % P, x2 * zz1 % P
    s1, s2 = y1 * zz2 * z2 % P, y2 * zz1 * z1 % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    if not h:
        return _INFINITY if r else _double(one)
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, h * z1 * z2 % P
