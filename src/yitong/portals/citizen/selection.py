"""What of the footprint a visitor chose: period, department, page. Anything unknown is the default."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from yitong.data.exchange.api import FootprintFilter
from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.ui.values import Choice, Filter

PAGE = 10
ALL = 1_000_000
# The value in the address, its words, and how many days back; None is everything.
PERIODS: Mapping[str, tuple[str, int | None]] = {
    "": (N_("近12个月"), 365),
    "quarter": (N_("近3个月"), 91),
    "month": (N_("近30天"), 30),
    "all": (N_("全部时间"), None),
}
_AGENCY = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class Selection:
    """One visitor's choice."""

    period: str = ""
    agency: str = ""
    page: int = 1

    @classmethod
    def from_query(cls, query: QueryDict) -> "Selection":
        period, agency, page = (query.get(name, "") for name in ("period", "agency", "page"))
        return cls(
            period if period in PERIODS else "",
            agency if _AGENCY.fullmatch(agency) else "",
            int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1,
        )

    @property
    def since(self) -> dt.datetime | None:
        """The local midnight at which the period begins."""
        days = PERIODS[self.period][1]
        if days is None:
            return None
        first = clock.today() - dt.timedelta(days=days)
        return dt.datetime.combine(first, dt.time(), tzinfo=clock.ZONE)

    @property
    def words(self) -> str:
        return gettext(PERIODS[self.period][0])

    def of_page(self) -> FootprintFilter:
        return FootprintFilter(
            since=self.since, agency=self.agency, offset=(self.page - 1) * PAGE, limit=PAGE
        )

    def whole(self) -> FootprintFilter:
        return FootprintFilter(since=self.since, agency=self.agency, limit=ALL)

    def query(self, *, page: int = 1) -> str:
        """The address of another page of the same choice."""
        asked = QueryDict(mutable=True)
        if self.period:
            asked["period"] = self.period
        if self.agency:
            asked["agency"] = self.agency
        if page > 1:
            asked["page"] = str(page)
        return f"?{asked.urlencode()}"

    def menus(self, agencies: Mapping[str, str]) -> list[Filter]:
        """The two menus; `agencies` are the codes and names that the period has."""
        periods = tuple(Choice(value, gettext(words)) for value, (words, _) in PERIODS.items())
        named = tuple(Choice(code, name) for code, name in sorted(agencies.items()))
        return [
            Filter("period", gettext("时间"), periods, self.period),
            Filter(
                "agency", gettext("部门"), (Choice("", gettext("全部部门")), *named), self.agency
            ),
        ]
