"""`match`: data elements proposed for 2,000 fields with planted truth, by words that the matcher was not tuned on.

The figure is the share of fields whose first proposal is the planted element. Rival: the same values under the same headers,
matched by header words alone. Beside it: the first three, personal information found, and what proposing for a wide table
costs beyond profiling it.
"""

import csv
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from yitong.cli.bench.fields import FIELDS, ROWS, Planted, held_out_words, planted
from yitong.cli.bench.result import BenchResult, Progress, conditions, median, seconds

if TYPE_CHECKING:
    from yitong.data.sources.api import TableProfile
    from yitong.data.sources.profiles import ColumnProfile
    from yitong.data.standards.elements import Edition

WIDTH = 200
TABLE = 20
ROUNDS = 5
TOP_1, TOP_3, RECALL, WIDE_S = 90.0, 97.0, 99.0, 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was proposed for a field."""

    field: Planted
    proposed: tuple[str, ...]
    is_personal: bool
    is_tagged: bool

    @property
    def is_first(self) -> bool:
        return self.proposed[:1] == (self.field.element,)

    @property
    def is_among_three(self) -> bool:
        return self.field.element in self.proposed[:3]


def run(progress: Progress) -> BenchResult:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")
    django.setup()
    from yitong.cli.bench.fields.tuning import tuning_folds
    from yitong.data.standards.api import edition

    tuning = [
        verdict
        for less, fields in tuning_folds(edition(), count=FIELDS)
        for verdict in judged(fields, less)
    ]
    progress(f"tuning: {_first(tuning):.1f} % first, {_three(tuning):.1f} % among three")
    fields = list(planted(held_out_words()))
    profiles = profiled(fields)
    found = verdicts(fields, profiles, edition())
    by_header = verdicts(
        fields, [replace(p, kinds={}, values=frozenset()) for p in profiles], edition()
    )
    wide = median([_wide(profiles[:WIDTH]) for _ in range(ROUNDS)])
    first, three, recall = _first(found), _three(found), _recall(found)
    progress(f"test: {first:.1f} % first, {three:.1f} % among three, {recall:.1f} % personal found")
    return BenchResult(
        name="match",
        figure=round(first, 2),
        unit="% first",
        bar=f"first ≥ {TOP_1:g} %, three ≥ {TOP_3:g} %, personal ≥ {RECALL:g} %, {WIDTH} columns ≤ {WIDE_S} s",
        ok=first >= TOP_1 and three >= TOP_3 and recall >= RECALL and wide <= WIDE_S,
        rival=round(_first(by_header), 2),
        ratio_to_rival=first / _first(by_header),
        points=_points(found, tuning),
        conditions=conditions(
            fields=len(fields),
            elements=len(edition().elements),
            rows=ROWS,
            top_3=round(three, 2),
            personal_recall=round(recall, 2),
            tagged_without_need=round(_needless(found), 2),
            wide_table_s=round(wide, 4),
        ),
    )


def judged(fields: Sequence[Planted], edition: "Edition") -> list[Verdict]:
    return verdicts(fields, profiled(fields), edition)


def profiled(fields: Sequence[Planted]) -> list["ColumnProfile"]:
    """Written as CSV files of twenty columns and profiled as any other file."""
    return [column for table in _tables(fields) for column in table.columns]


def verdicts(
    fields: Sequence[Planted], profiles: Sequence["ColumnProfile"], edition: "Edition"
) -> list[Verdict]:
    from yitong.data.standards.context import proposed_together

    personal = {each.code for each in edition.elements if each.personal}
    found = []
    for start in range(0, len(fields), TABLE):
        table = profiles[start : start + TABLE]
        for field, best in zip(fields[start:], proposed_together(table, edition), strict=False):
            codes = tuple(each.code for each in best.matches)
            found.append(Verdict(field, codes, field.element in personal, bool(best.personal)))
    return found


def _tables(fields: Sequence[Planted]) -> Iterator["TableProfile"]:
    from yitong.data.sources.api import open_table, profile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fields.csv"
        for start in range(0, len(fields), TABLE):
            some = fields[start : start + TABLE]
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([field.header for field in some])
                writer.writerows(zip(*(field.values for field in some), strict=True))
            yield profile(open_table(str(path)))


def _wide(columns: Sequence["ColumnProfile"]) -> float:
    from yitong.data.standards.api import proposals

    return seconds(lambda: proposals(columns))


def _share(good: int, all_: int) -> float:
    return 100 * good / all_ if all_ else 100.0


def _first(found: Sequence[Verdict]) -> float:
    return _share(sum(each.is_first for each in found), len(found))


def _three(found: Sequence[Verdict]) -> float:
    return _share(sum(each.is_among_three for each in found), len(found))


def _recall(found: Sequence[Verdict]) -> float:
    personal = [each for each in found if each.is_personal]
    return _share(sum(each.is_tagged for each in personal), len(personal))


def _needless(found: Sequence[Verdict]) -> float:
    """How many of a hundred fields that are nobody's personal information were tagged as if they were."""
    others = [each for each in found if not each.is_personal]
    return _share(sum(each.is_tagged for each in others), len(others))


def _points(found: Sequence[Verdict], tuning: Sequence[Verdict]) -> list[dict[str, object]]:
    points: list[dict[str, object]] = []
    for name, verdicts_ in (("test", found), ("tuning", tuning)):
        styles: dict[str, list[Verdict]] = defaultdict(list)
        for each in verdicts_:
            styles[each.field.style].append(each)
        points += [
            {
                "set": name,
                "style": style,
                "fields": len(some),
                "top_1": round(_first(some), 2),
                "top_3": round(_three(some), 2),
                "personal_recall": round(_recall(some), 2),
            }
            for style, some in sorted({**styles, "all": list(verdicts_)}.items())
        ]
    return points
