"""A million rows are looked at and loaded in bounded memory, in processes of their own so that it can be measured."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from tests.factories.sources import BY
from yitong.base.keys import api as keys
from yitong.kernel.codes import person_number

pytestmark = [pytest.mark.slow, pytest.mark.bulk, pytest.mark.timeout(900)]

ROWS = 1_000_000
SCRIPT = """
    import json, sys, time
    from pathlib import Path
    import django
    django.setup()
    from django.conf import settings
    from tests.factories.sources import BY, source_of
    from yitong.data.sources.api import ClearColumn, CopyPlan, copy_in, open_table, profile
    settings.YITONG_KEYS = sys.argv[3]
    reader = open_table(sys.argv[1])
    started = time.process_time()
    if sys.argv[2] == "profile":
        rows = profile(reader).row_count
    else:
        plan = CopyPlan("million", "身份证号", "person", (ClearColumn("出生日期", "D"), ClearColumn("状态")),
                        ("身份证号", "姓名", "地址"), region_column="区划")
        rows = copy_in(plan=plan, reader=reader, source=source_of(sys.argv[1]), by=BY).rows
    # Not getrusage: a child begins there with what its parent had at the fork.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    mebibytes = int(status["VmHWM"].split()[0]) // 1024
    print(json.dumps({"rows": rows, "mebibytes": mebibytes, "seconds": time.process_time() - started}))
"""


# GB 11643: the sum of the digits, each by its weight, says the check digit; sums of parts are added up.
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]


def weighed(digits: str, place: int) -> int:
    return sum(int(digit) * WEIGHTS[place + at] for at, digit in enumerate(digits))


def numbers() -> Iterator[tuple[str, date]]:
    """A million synthetic people, made by adding: one by one they would take longer than what is tested."""
    days = [date(1930, 1, 1) + timedelta(days=n) for n in range(30_000)]
    births = [(f"{day:%Y%m%d}", weighed(f"{day:%Y%m%d}", 6), day) for day in days]
    assert person_number("890102", days[7], 1) == next(islice(_numbered(births), 7, None))[0]
    return islice(_numbered(births), ROWS)


def _numbered(births: list[tuple[str, int, date]]) -> Iterator[tuple[str, date]]:
    region = weighed("890102", 0)
    for sequence in range(1, 1_000):
        last = f"{sequence:03d}"
        known = region + weighed(last, 14)
        for text, sum_of_birth, day in births:
            yield f"890102{text}{last}{'10X98765432'[(known + sum_of_birth) % 11]}", day


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("million") / "people.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        stream.write("身份证号,姓名,出生日期,地址,区划,状态\r\n")
        for n, (number, born) in enumerate(numbers()):
            stream.write(f"{number},林{n % 997},{born},桐花路{n}号,890102,在册\r\n")
    return path


def measured(path: Path, what: str, environment: dict[str, str], store: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), path, what, store],
        env=environment,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.committed
@pytest.mark.parametrize(("what", "most"), [("profile", 300), ("copy", 300)])
def test_a_million_rows_need_bounded_memory(people, what, most, database_url, tmp_path, settings):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DJANGO_SETTINGS_MODULE": "yitong.config.settings",
    }
    settings.YITONG_KEYS = tmp_path / "keys"
    keys.initialise(by=BY)
    found = measured(people, what, environment, settings.YITONG_KEYS)
    print(what, found)
    assert found["rows"] == ROWS
    assert found["mebibytes"] <= most
