"""Files that stewards hand in, and the worker's turn at them. All synthetic: region 890102."""

import datetime as dt
import io

from tests.factories.sources import csv_text
from tests.factories.workbooks import workbook
from yitong.data.catalogue import uploads
from yitong.data.catalogue.models import Upload
from yitong.data.catalogue.reading import work
from yitong.kernel.actor import Actor
from yitong.kernel.codes import person_number

HEADERS = ("身份证号", "姓名", "联系电话", "保障类别", "起始日期")
BORN = dt.date(1992, 3, 15)
KINDS = ("城市低保", "农村低保")


def people_rows(count: int = 30) -> list[tuple[str, ...]]:
    """Made-up people, the seventh with a number whose check digit is wrong."""
    rows = []
    for place in range(count):
        number = person_number("890102", BORN + dt.timedelta(days=place // 900), place % 900)
        if place == 6:
            number = number[:17] + ("1" if number[17] != "1" else "2")
        phone = f"100{place:08d}"
        rows.append((number, "林晓桐", phone, KINDS[place % 2], f"2026-01-{place % 28 + 1:02d}"))
    return rows


def people_csv(count: int = 30, headers: tuple[str, ...] = HEADERS) -> bytes:
    return csv_text([headers, *people_rows(count)]).encode()


def handed_in(by: Actor, content: bytes | None = None, name: str = "低保名单.csv") -> Upload:
    """A file that waits for the worker."""
    stream = io.BytesIO(people_csv() if content is None else content)
    return uploads.take(by=by, name=name, stream=stream)


def looked_at(by: Actor, content: bytes | None = None, name: str = "低保名单.csv") -> Upload:
    """A file of which everything is proposed."""
    row = handed_in(by, content, name)
    work(row.pk)
    row.refresh_from_db()
    return row


def two_sheets() -> bytes:
    """A workbook of two tables."""
    buffer = io.BytesIO()
    workbook(buffer, {"城市": [HEADERS, *people_rows(8)], "农村": [HEADERS, *people_rows(5)]})
    return buffer.getvalue()
