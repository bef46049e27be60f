"""Grants made by the proper posts of a made-up town."""

import datetime as dt
from dataclasses import replace

from tests.factories.agencies import OPERATOR
from tests.factories.officers import Town, a_town, published
from yitong.data.catalogue.models import Resource
from yitong.data.sharing import actions
from yitong.data.sharing.models import Grant
from yitong.data.sharing.purposes import load_purposes
from yitong.data.sharing.rules import Order
from yitong.kernel import clock


def a_purposed_town() -> Town:
    town = a_town()
    load_purposes(by=OPERATOR)
    return town


def an_order(town: Town, resource: Resource, **more: object) -> Order:
    order = Order(
        resource=resource.code,
        client=town.client,
        fields=("身份证号", "姓名", "保障状态"),
        purpose="school-admission",
        until=clock.today() + dt.timedelta(days=90),
    )
    return replace(order, **more)


def a_grant(town: Town, resource: Resource | None = None, **more: object) -> Grant:
    return actions.grant(
        order=an_order(town, resource or published(town), **more),
        by=OPERATOR,
        requester=town.requester.sharing_head,
        provider=town.provider.sharing_head,
    )
