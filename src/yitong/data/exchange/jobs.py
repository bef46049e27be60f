"""The exchange's scheduled work."""

from django.db import connection

from yitong.kernel import clock
from yitong.kernel.declare import Schedule


def make_months() -> None:
    """Make next months' partitions of the usage table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exchange_make_month((%s::date + make_interval(months => k))::date) "
            "from generate_series(0, 2) k",
            (clock.today().replace(day=1),),
        )


SCHEDULES = (Schedule("exchange.make_months", "23 3 * * *", make_months),)
