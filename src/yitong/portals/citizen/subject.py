"""Whose footprint a visitor looks at: the own, or that of whom they act for, if the delegation says so.

One's own is read; another's is looked into, and each look is on record before anything is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yitong.base.identity.api import delegations, sessions
from yitong.base.ledger.api import LedgerEntry
from yitong.data.exchange.api import (
    Footprint,
    FootprintFilter,
    footprint,
    own_use,
    use_proof,
    wards,
)
from yitong.kernel.actor import Actor
from yitong.portals.citizen.visitors import actor, for_persons, me

Places = ParamSpec("Places")
SubjectView = Callable[Concatenate[HttpRequest, "Subject", Places], HttpResponse]
View = Callable[Concatenate[HttpRequest, Places], HttpResponse]


@dataclass(frozen=True, slots=True)
class Subject:
    """The person whose record it is, and who looks at it."""

    account: AbstractBaseUser
    by: Actor
    acting: delegations.Acting | None = None

    @property
    def name(self) -> str:
        """For whom one looks, masked; "" for oneself."""
        return self.acting.principal if self.acting else ""

    def footprint(self, chosen: FootprintFilter, *, takes_along: bool = False) -> Footprint:
        if self.acting is None:
            return footprint(self.account, chosen)
        look = wards.Look.EXPORT if takes_along else wards.Look.PAGE
        return wards.footprint(by=self.by, acting=self.acting, chosen=chosen, look=look)

    def use(self, entry_id: int) -> LedgerEntry:
        if self.acting is None:
            return own_use(self.account, entry_id)
        return wards.use(by=self.by, acting=self.acting, entry_id=entry_id)

    def proof(self, entry_id: int) -> dict[str, object]:
        if self.acting is None:
            return use_proof(self.account, entry_id)
        return wards.proof(by=self.by, acting=self.acting, entry_id=entry_id)


def for_subject(view: SubjectView[Places]) -> View[Places]:
    """The view is given whose record it shows. Under a delegation that does not name the footprint it shows none."""

    @for_persons
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        acting = sessions.acting_now(request)
        if acting is not None and not wards.may_look(acting):
            return render(request, "citizen/oneself.html", {"is_footprint": True}, status=403)
        return view(request, Subject(me(request), actor(request), acting), *args, **kwargs)

    return guarded
