"""What a person takes along: the footprint as CSV and JSON, and the proof of one use."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from django.http import HttpResponse
from django.utils.translation import gettext

from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.portals.citizen.uses import Use
from yitong.ui.cells import csv_cell

HEADINGS = (
    N_("时间"), N_("部门"), N_("数据"), N_("结果"), N_("为什么"), N_("给了什么"), N_("依据"),
    N_("从哪来"), N_("账本编号"), N_("记录号"),
)  # fmt: skip
OUTCOMES: Mapping[str, str] = {
    "received": N_("取得"),
    "checked": N_("核对"),
    "absent": N_("没有查到"),
    "refused": N_("已拒绝"),
    "unanswered": N_("没有送出"),
    "seen": N_("查看"),
}


def _attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_csv(uses: Iterable[Use]) -> HttpResponse:
    """With a byte order mark, since spreadsheets otherwise take Chinese for another encoding."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([gettext(heading) for heading in HEADINGS])
    for use in uses:
        cells = [
            clock.local(use.at).isoformat(timespec="seconds"), use.agency, use.resource,
            gettext(OUTCOMES[use.outcome]), use.why, use.given, use.basis, use.source,
            "" if use.index is None else str(use.index), str(use.entry_id),
        ]  # fmt: skip
        writer.writerow([csv_cell(cell) for cell in cells])
    name = f"yitong-footprint-{clock.today():%Y%m%d}.csv"
    return _attached(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", name)


def as_json(uses: Iterable[Use], *, period: str) -> HttpResponse:
    document = {
        "as_of": clock.local(clock.now()).isoformat(timespec="seconds"),
        "period": period,
        "uses": [
            {
                "at": clock.local(use.at).isoformat(timespec="seconds"),
                "agency": {"code": use.agency_code, "name": use.agency},
                "resource": {"code": use.resource_code, "name": use.resource},
                "outcome": use.outcome.value,
                "why": use.why,
                "given": use.given,
                "basis": use.basis,
                "source": use.source,
                "ledger_index": use.index,
                "entry": use.entry_id,
            }
            for use in uses
        ],
    }
    return _document(document, f"yitong-footprint-{clock.today():%Y%m%d}.json")


def as_proof(proof: Mapping[str, object]) -> HttpResponse:
    """The proof exactly as the stand-alone script reads it."""
    return _document(proof, f"yitong-proof-{proof['index']}.json")


def _document(document: Mapping[str, object], name: str) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return _attached(text.encode(), "application/json", name)
