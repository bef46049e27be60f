"""The bars of a proof stamp: drawn from the commitment, so that two papers can be compared by eye.

They carry no data and are not a barcode.
"""

from dataclasses import dataclass

BARS = 20
HEIGHT = 30
_WIDTHS = (1.0, 1.2, 1.6, 2.2)


@dataclass(frozen=True, slots=True)
class Bar:
    """One upright bar in a drawing 66 wide and 30 high."""

    x: str
    y: str
    width: str
    height: str


def bars(commitment: bytes) -> tuple[Bar, ...]:
    """Twenty bars: the low bits of each byte give the height, the high bits the width."""
    if len(commitment) < BARS:
        raise ValueError(f"a commitment has at least {BARS} bytes")
    drawn = []
    for place, byte in enumerate(commitment[:BARS]):
        height = 6 + 3.4 * (byte & 0b111)
        width = _WIDTHS[byte >> 6]
        drawn.append(
            Bar(
                x=f"{place * 3.3:.1f}",
                y=f"{(HEIGHT - height) / 2:.1f}",
                width=f"{width:.1f}",
                height=f"{height:.1f}",
            )
        )
    return tuple(drawn)
