"""Numbers that nobody has, for property tests: identity numbers of division 89, telephones 100…"""

import datetime as dt

from hypothesis import strategies as st

from yitong.kernel.codes import person_number

NUMBERS = st.builds(
    person_number,
    st.sampled_from(["890102", "890101", "890205"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 22)),
    st.integers(0, 999),
)
PHONES = st.builds(lambda n: f"100{n:08d}", st.integers(0, 99_999_999))
