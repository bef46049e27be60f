"""The posts in which an account acts now, by one plain statement: every page of every officer asks, some of them thrice.

Django takes 10 ms of CPU to word the same two questions anew each time; this takes less than one.
"""

from functools import cache
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models

from yitong.base.identity.models import Agency, Post
from yitong.kernel import clock

_SEATED: Final = """
select {columns}
from (
    select holding.post_id, 1 as sort, holding.held_from as since, holding.id
    from identity_holding holding
    where holding.account_id = %(account)s
        and holding.held_from <= %(now)s and (holding.held_until is null or holding.held_until > %(now)s)
    union all
    select holding.post_id, 2, absence.away_from, absence.id
    from identity_leave absence join identity_holding holding on holding.id = absence.holding_id
    where absence.deputy_id = %(account)s
        and absence.away_from <= %(now)s and absence.away_until > %(now)s
        and holding.held_from <= %(now)s and (holding.held_until is null or holding.held_until > %(now)s)
) seated
join identity_post post on post.id = seated.post_id
join identity_agency agency on agency.id = post.agency_id
left join identity_agency line on line.id = agency.line_id
order by seated.sort, seated.since, seated.id
"""


def posts_of(account: AbstractBaseUser) -> list[Post]:
    """The posts in which the account acts now: those it holds, the longest held first, then as a deputy."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"account": account.pk, "now": clock.now()})
        rows = cursor.fetchall()
    return [_post(row) for row in rows]


@cache
def _statement() -> str:
    parts = (("post", Post), ("agency", Agency), ("line", Agency))
    named = (f'{part}."{column}"' for part, model in parts for column in _columns(model)[1])
    return _SEATED.format(columns=", ".join(named))


@cache
def _columns(model: type[models.Model]) -> tuple[list[str], list[str]]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [str(field.column) for field in fields]


def _post(row: tuple[Any, ...]) -> Post:
    (posts, _), (agencies, _) = _columns(Post), _columns(Agency)
    of_agency = len(posts)
    of_line = of_agency + len(agencies)
    post = Post.from_db("default", posts, row[:of_agency])
    post.agency = Agency.from_db("default", agencies, row[of_agency:of_line])
    has_line = post.agency.line_id is not None
    post.agency.line = Agency.from_db("default", agencies, row[of_line:]) if has_line else None
    return post
