"""Working calendars as somebody might announce them."""

import datetime as dt
from collections.abc import Iterable
from importlib.resources import files

SOURCE = "国办发明电〔2026〕9号"


def announced(off: Iterable[dt.date] = (), worked: Iterable[dt.date] = ()) -> str:
    """2027: the days of the standing rules made official, with more days off and more weekend days worked."""
    rows = (files("yitong.base.statutes.seed") / "calendar_2027.csv").read_text(encoding="utf-8")
    lines = [rows.replace("provisional", "official").rstrip("\n")]
    lines += [f"{on},adjusted_off,official,调休,{SOURCE}" for on in sorted(off)]
    lines += [f"{on},adjusted_on,official,调休,{SOURCE}" for on in sorted(worked)]
    return "\n".join(lines) + "\n"
