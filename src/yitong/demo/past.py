"""A share request with a month behind it: warned, stopped, extended, and never answered.

A node that is minutes old has no past. What happened before today is played through the actions that everybody uses,
each at its own instant and by whoever holds the post, as one transaction. What the clock comes to after that is left
to the node's own timer.
"""

import datetime as dt

from django.db import transaction

from yitong.base.duties import api as duties
from yitong.base.identity import api as identity
from yitong.base.jobs import api as jobs
from yitong.base.statutes import api as statutes
from yitong.data.catalogue import api as catalogue
from yitong.data.sharing import api as sharing
from yitong.demo.city import AUTHORITY, ENTRIES
from yitong.demo.furnishing import OPERATOR, Say, agency_of, holder
from yitong.demo.unanswered import ASKING, CONSENT, ENTRY, EXTENSION_REASON, MISSING, OWING
from yitong.demo.words import _
from yitong.kernel import clock

WANTED = tuple(spec for spec in ENTRIES if spec.name == ENTRY)
PURPOSE = "household-means"
FIELDS = ("公民身份号码", "险种", "参保状态")
# Workdays: how long ago it came, and when after that each thing happened. The last day lies behind us then.
BACK = 18
STOPPED, WENT_ON, EXTENDED = 3, 5, 9
MORE_DAYS = 3
TIMER = "duties.expire"


def unanswered_request(mark: str, say: Say) -> None:
    """Asked, stopped for what is missing, gone on, extended; warned at every point in between."""
    say(_("补一段往事：一个月前收到、一直没有答复的共享申请"))
    began = statutes.calendar().before(clock.today(), BACK)
    with transaction.atomic():
        with clock.frozen(_at(began, 0, 9)):
            request = _asked(mark)
        number = _number_of_duty()
        owing, asking = holder(OWING, "sharing_head"), holder(ASKING, "sharing_contact")
        with clock.frozen(_at(began, STOPPED, 10)):
            sharing.ask_supplement(request_id=request, items=_(MISSING), by=owing)
        with clock.frozen(_at(began, WENT_ON, 15)):
            scene = _("核对申请低保的家庭有没有稳定的参保缴费，只看本市申请人")
            sharing.supplement(request_id=request, stated={"scene": scene}, by=asking)
        _warn(number, until=_at(began, EXTENDED, 14))
        with clock.frozen(_at(began, EXTENDED, 14)):
            given = duties.Extending(
                MORE_DAYS, _(EXTENSION_REASON), CONSENT, _("已书面告知需求部门")
            )
            row = duties.extend(number, given=given, by=holder(AUTHORITY, "data_reviewer"))
        _warn(number, until=row.due_at)


def _at(began: dt.date, workdays: int, hour: int) -> dt.datetime:
    days = statutes.calendar()
    return days.instant(days.after(began, workdays), dt.time(hour))


def _asked(mark: str) -> int:
    client = identity.clients.issue_client(
        by=OPERATOR, agency=agency_of(ASKING), name=_("低保核对系统（{mark}）").format(mark=mark)
    )
    order = sharing.Order(
        resource=catalogue.resource(ENTRY, viewer=OPERATOR).code,
        client=client.client_id,
        fields=FIELDS,
        purpose=PURPOSE,
        until=clock.today() + dt.timedelta(days=180),
    )
    request = sharing.request_share(order=order, by=holder(ASKING, "sharing_contact"))
    sharing.approve_request(request_id=request.pk, by=holder(ASKING, "sharing_head"))
    return int(request.pk)


def _number_of_duty() -> int:
    """The newest that the answering post has for this entry."""
    sieve = duties.inboxes.Sieve(text=ENTRY)
    found = duties.inboxes.inbox(viewer=holder(OWING, "sharing_head"), sieve=sieve)
    return max(face.duty.pk for face in found.rows)


def _warn(number: int, *, until: dt.datetime | None) -> None:
    """Let the timer look at every instant at which this clock wants to be looked at, up to `until`."""
    while True:
        wake = duties.duty(number, viewer=OPERATOR).face.duty.next_at
        if wake is None or until is None or wake >= until:
            return
        with clock.frozen(wake):
            jobs.run_now(by=OPERATOR, name=TIMER)
